namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>How two values become one.</summary>
public interface IScanReduceOperation<T>
    where T : struct
{
    T Identity { get; }

    T Apply(T first, T second);
}

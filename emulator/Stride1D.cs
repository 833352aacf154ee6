namespace ILGPU;

/// <summary>How far apart neighbouring elements of a one-dimensional view lie.</summary>
public interface IStride1D
{
    int XStride { get; }
}

/// <summary>The strides of one-dimensional views.</summary>
public static class Stride1D
{
    /// <summary>Neighbouring elements lie side by side.</summary>
    public readonly record struct Dense : IStride1D
    {
        public int XStride => 1;
    }
}

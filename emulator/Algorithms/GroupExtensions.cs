using System.Runtime.CompilerServices;
using ILGPU.Algorithms.ScanReduceOperations;
using ILGPU.Emulation;

namespace ILGPU.Algorithms;

/// <summary>Reductions over the threads of a group.</summary>
public static class GroupExtensions
{
    [Blocking(nameof(Post), nameof(Take))]
    public static T AllReduce<T, TReduction>(
        T value,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T>
    {
        Post<T, TReduction>(value, line, file);
        Group.Wait();
        return Take<T, TReduction>();
    }

    [Blocking(nameof(Post), nameof(Take))]
    public static T Reduce<T, TReduction>(T value, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "")
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T> => AllReduce<T, TReduction>(value, line, file);

    internal static void Post<T, TReduction>(T value, int line, string file)
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T> => Group.Post(RendezvousKind.Reduce, value, 0, line, file);

    internal static T Take<T, TReduction>()
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T>
    {
        var run = GroupRun.Running;
        var reduction = default(TReduction);
        var result = reduction.Identity;
        for (var thread = 0; thread < run.GroupSize; thread++)
        {
            result = reduction.Apply(result, run.Exchange.Take<T>(RendezvousKind.Reduce, thread));
        }

        return result;
    }
}

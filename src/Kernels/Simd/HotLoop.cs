using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>How loops over vectors are compiled.</summary>
internal static class HotLoop
{
    /// <summary>
    /// With all optimisations at once by the JIT, whose quick first version would be many times slower. Such a method is
    /// never compiled ahead of time, so where that is done, which has the same effect, this is not asked for. And never
    /// into its caller, as the JIT may do with one that is called often: what the loop calls would then not be inlined any
    /// more, and its sums not stay in registers.
    /// </summary>
    public const MethodImplOptions Compilation =
        MethodImplOptions.NoInlining
#if !AHEAD_OF_TIME
        | MethodImplOptions.AggressiveOptimization
#endif
    ;
}

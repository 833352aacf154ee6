using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Hints to the caches. They change no result and may be ignored.</summary>
internal static unsafe class Cache
{
    /// <summary>
    /// Asks for a line in the second-level cache. .NET has this for x86 only; elsewhere the hardware's own prefetching
    /// has to do.
    /// </summary>
    /// <param name="address">An address in the line; it need not be valid.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>Where PTX comes from in a build with the emulator: nowhere.</summary>
internal static class PtxCompilers
{
    /// <summary>Nothing.</summary>
    public static IPtxCompiler? Create() => null;
}

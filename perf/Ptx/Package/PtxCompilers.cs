namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>Where PTX comes from in a build with the package ILGPU.</summary>
internal static class PtxCompilers
{
    /// <summary>ILGPU's compiler.</summary>
    public static IPtxCompiler? Create() => new IlgpuPtxCompiler();
}

using System.Reflection;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>The architectures that the kernels are looked at for.</summary>
internal static class PtxArchitectures
{
    /// <summary>As ptxas calls them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sm_75", "sm_90"];
}

/// <summary>ILGPU's way from a device method to PTX, which needs no GPU.</summary>
internal interface IPtxCompiler : IDisposable
{
    /// <summary>ILGPU with its version.</summary>
    string Name { get; }

    /// <summary>Compiles a kernel as a session on a CUDA device does.</summary>
    /// <param name="kernel">An explicitly grouped kernel.</param>
    /// <param name="architecture">One of <see cref="PtxArchitectures.Names"/>.</param>
    /// <returns>The PTX module.</returns>
    string Compile(MethodInfo kernel, string architecture);
}

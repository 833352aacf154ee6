using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>ILGPU's PTX backends, one for each architecture.</summary>
internal sealed class IlgpuPtxCompiler : IPtxCompiler
{
    // The settings are the same whatever the backend; that of the CPU asks no driver.
    private readonly Context _context = GpuDevice.CreateContext(GpuBackend.Cpu);
    private readonly Dictionary<string, PTXBackend> _backends;

    public IlgpuPtxCompiler() =>
        _backends = PtxArchitectures.Names.ToDictionary(name => name, name => Backend(ArchitectureOf(name)));

    /// <inheritdoc/>
    public string Name => $"ILGPU {typeof(Context).Assembly.GetName().Version?.ToString(3)}";

    /// <inheritdoc/>
    public string Compile(MethodInfo kernel, string architecture)
    {
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
        return ((PTXCompiledKernel)_backends[architecture].Compile(entry, default)).PTXAssembly;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var backend in _backends.Values)
        {
            backend.Dispose();
        }
        _context.Dispose();
    }

    private static CudaArchitecture ArchitectureOf(string name)
    {
        var number = int.Parse(name.AsSpan("sm_".Length), provider: null);
        return new(number / 10, number % 10);
    }

    private PTXBackend Backend(CudaArchitecture architecture) =>
        new(_context, new(architecture), architecture, CudaInstructionSet.ISA_83, null);
}

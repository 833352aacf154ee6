using ILGPU.Emulation;

namespace ILGpuMobileNet.Emulator.Tests;

/// <summary>Expects faults.</summary>
internal static class Faults
{
    public static KernelFaultException Expect(FaultKind kind, Action action)
    {
        var fault = Assert.Throws<KernelFaultException>(action);
        Assert.True(kind == fault.Kind, $"{kind} was expected: {fault.Message}");
        return fault;
    }
}

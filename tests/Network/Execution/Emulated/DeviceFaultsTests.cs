using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Network.Tests.Execution.Emulated;

/// <summary>What callers get to know of what drivers report.</summary>
/// <remarks>On the emulator, because ILGPU asks the driver for the text of its exceptions.</remarks>
public sealed class DeviceFaultsTests
{
    public static TheoryData<string> Shortages { get; } =
    ["CUDA_ERROR_OUT_OF_MEMORY", "CL_MEM_OBJECT_ALLOCATION_FAILURE", "CL_OUT_OF_HOST_MEMORY"];

    [Theory]
    [MemberData(nameof(Shortages))]
    public void Too_little_memory_is_told_as_such(string code)
    {
        var reported = Reported(code);
        var fault = DeviceFaults.Describe("cuda:1", "opening a session", reported);
        Assert.IsType<InsufficientMemoryException>(fault);
        Assert.Same(reported, fault.InnerException);
        Assert.Equal(
            $"Device 'cuda:1' ran out of memory while opening a session ({code}). "
                + "Use a smaller batch or input resolution, or end what else uses the device.",
            fault.Message
        );
    }

    [Theory]
    [InlineData("CUDA_ERROR_LAUNCH_FAILED")]
    [InlineData("CL_OUT_OF_RESOURCES")]
    public void Other_faults_name_the_device_the_code_and_the_remedy(string code)
    {
        var reported = Reported(code);
        var fault = Assert.IsType<DeviceException>(DeviceFaults.Describe("opencl:0", "running", reported));
        Assert.Equal(("opencl:0", true), (fault.Device, fault.IsLost));
        Assert.Same(reported, fault.InnerException);
        Assert.StartsWith("Device 'opencl:0': failed while running: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(code, fault.Message, StringComparison.Ordinal);
        Assert.Contains("dispose it and open another one", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_cannot_be_compiled_says_so_and_why()
    {
        var reported = new InternalCompilerException("It does not compile.", new NotSupportedException("no barriers"));
        var fault = DeviceFaults.Describe("opencl:0", "opening a session", reported);
        Assert.Equal(
            "Device 'opencl:0': failed while opening a session: It does not compile. (no barriers). The kernels cannot be "
                + "compiled for this device: update its driver, or use another device.",
            fault.Message
        );
    }

    [Fact]
    public void Only_what_the_device_and_its_compiler_report_is_a_fault_of_theirs()
    {
        Assert.True(DeviceFaults.IsDeviceFault(Reported("CUDA_ERROR_LAUNCH_FAILED")));
        Assert.True(DeviceFaults.IsDeviceFault(Reported("CL_OUT_OF_RESOURCES")));
        Assert.True(DeviceFaults.IsDeviceFault(new InternalCompilerException("It does not compile.")));
        Assert.False(DeviceFaults.IsDeviceFault(new ArgumentException("A bad batch.")));
        Assert.False(
            DeviceFaults.IsDeviceFault(new InvalidOperationException("Another thread is running this session."))
        );
    }

    private static AcceleratorException Reported(string code) =>
        Enum.TryParse<CudaError>(code, out var cuda)
            ? new CudaException(cuda)
            : new CLException(Enum.Parse<CLError>(code));
}

using ILGpuMobileNet.Kernels.Tests.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class LinearTests
{
    public static TheoryData<ConvolutionTest> Cases { get; } =
    [
        .. ConvolutionTests.Pointwise.Where(test => test.Input.PixelCount == 1),
        .. ConvolutionTests.Activations.Select(activation => Row(2, 11, 21) with { Activation = activation }),
        Row(1, 4, 4) with
        {
            HasGate = true,
        },
        Row(4, 5, 16) with
        {
            HasGate = true,
            HasResidual = true,
            Activation = Activation.Relu,
        },
        Row(5, 255, 17) with
        {
            HasResidual = true,
        },
        Row(3, 1281, 19) with
        {
            HasGate = true,
            Activation = Activation.HardSwish,
        },
        Row(1, 2600, 3),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test) =>
        Widths.AssertClose(ReferenceOperations.Convolution(test), Whole(test).Run(GpuOperations.Linear(test)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_an_image_the_same_bits_in_any_batch(ConvolutionTest test)
    {
        var batch = Whole(test).Run(GpuOperations.Linear(test));
        var last = test.Batch - 1;
        var (inputs, outputs) = (test.Input.Channels, test.OutputChannels);
        var alone = new GpuRun(TestDevice.Shared.Accelerator, 1)
        {
            Input = test.InputValues()[(last * inputs)..],
            InputShape = test.Input,
            OutputShape = test.Output,
            Gate = test.GateValues()?[(last * inputs)..],
            Residual = test.ResidualValues()?[(last * outputs)..],
        };
        Assert.Equal(batch[(last * outputs)..], alone.Run(GpuOperations.Linear(test)));
    }

    private static GpuRun Whole(ConvolutionTest test) => GpuRun.Of(TestDevice.Shared.Accelerator, test);

    private static ConvolutionTest Row(int batch, int inputs, int outputs) =>
        new(batch, new(1, 1, inputs), outputs, Window.Pointwise);
}

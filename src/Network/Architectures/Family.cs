using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>How an ecosystem pads a convolution.</summary>
public enum PaddingRule
{
    /// <summary><c>k/2</c> zeros on every side, as the PyTorch and Paddle networks have it.</summary>
    Symmetric,

    /// <summary>TensorFlow's SAME: <c>ceil(input / stride)</c> outputs, an odd zero goes to the bottom and right.</summary>
    Same,

    /// <summary>
    /// <c>k/2</c> zeros at the bottom and right, one fewer at the top and left under a stride, whatever the input's
    /// size: Keras's MobileNet. Inputs with even axes get what SAME gives them.
    /// </summary>
    BottomRight,
}

/// <summary>What differs between the ecosystems that one paper's table was implemented in.</summary>
public sealed record Family
{
    /// <summary>PyTorch's defaults: epsilon 1e-5, symmetric padding, no convolution bias, hard-sigmoid gate.</summary>
    public static Family Torch { get; } = new();

    /// <summary>torchvision's MobileNetV3: PyTorch with epsilon 1e-3.</summary>
    public static Family TorchvisionV3 { get; } = new() { BatchNormEpsilon = 1e-3 };

    /// <summary>TensorFlow's own networks and Keras Applications: epsilon 1e-3, SAME padding, no convolution bias.</summary>
    public static Family TensorFlow { get; } = new() { BatchNormEpsilon = 1e-3, Padding = PaddingRule.Same };

    /// <summary>Ports to Keras: epsilon 1e-3, SAME padding, biases, ReLU6 for RE; the V3 port's gate is ReLU6, then hard-swish.</summary>
    public static Family Keras { get; } =
        new()
        {
            BatchNormEpsilon = 1e-3,
            Padding = PaddingRule.Same,
            HasConvolutionBias = true,
            AlwaysExpands = true,
            Relu = Activation.Relu6,
            SqueezeActivation = Activation.Relu6,
            Gate = Activation.HardSwish,
        };

    /// <summary>PaddleClas: expansions everywhere, and the gate's slope is 0.2.</summary>
    public static Family PaddleClas { get; } = new() { AlwaysExpands = true, Gate = Activation.HardSigmoid(0.2f) };

    /// <summary>PaddleOCR's V3: PaddleClas's, and text lines keep their columns.</summary>
    public static Family Paddle { get; } = PaddleClas with { StridesRowsOnly = true };

    /// <summary>Added to the variance in every batch normalisation.</summary>
    public double BatchNormEpsilon { get; init; } = 1e-5;

    /// <summary>How convolutions are padded.</summary>
    public PaddingRule Padding { get; init; }

    /// <summary>
    /// Whether a convolution before a batch normalisation has a bias; one without a batch normalisation always has.
    /// </summary>
    public bool HasConvolutionBias { get; init; }

    /// <summary>Whether an inverted residual keeps its expansion where it expands to the channels it already has.</summary>
    public bool AlwaysExpands { get; init; }

    /// <summary>What the papers' RE means.</summary>
    public Activation Relu { get; init; } = Activation.Relu;

    /// <summary>What follows the reduction of a squeeze-excite.</summary>
    public Activation SqueezeActivation { get; init; } = Activation.Relu;

    /// <summary>What turns the expansion of a squeeze-excite into the gate.</summary>
    public Activation Gate { get; init; } = Activation.HardSigmoid();

    /// <summary>Whether the strides of a table apply to the rows only, so that a line of text keeps its columns.</summary>
    public bool StridesRowsOnly { get; init; }

    /// <summary>The stride that a table's stride column means.</summary>
    /// <param name="stride">The column, at least 1.</param>
    internal Extent BlockStride(int stride) => new(stride, StridesRowsOnly ? 1 : stride);

    /// <summary>A window over a feature map, padded by this family's rule.</summary>
    /// <param name="input">Shape of the feature map.</param>
    /// <param name="kernel">Kernel size.</param>
    /// <param name="stride">Stride.</param>
    /// <exception cref="ArgumentException">An axis of the kernel or stride is smaller than 1.</exception>
    internal Window WindowOver(FeatureShape input, Extent kernel, Extent stride)
    {
        if (Math.Min(kernel.Height, kernel.Width) < 1 || Math.Min(stride.Height, stride.Width) < 1)
        {
            throw new ArgumentException($"Kernel {kernel} with stride {stride}; every axis must be at least 1.");
        }
        var dilation = Extent.Square(1);
        var symmetric = Kernels.Padding.Symmetric(kernel, dilation);
        var padding = Padding switch
        {
            PaddingRule.Same => Kernels.Padding.Same(new(input.Height, input.Width), kernel, stride),
            PaddingRule.BottomRight => Shifted(symmetric, stride),
            _ => symmetric,
        };
        return new(kernel, stride, dilation, padding);
    }

    private static Padding Shifted(Padding padding, Extent stride) =>
        padding with
        {
            Top = Math.Max(0, padding.Top - (stride.Height > 1 ? 1 : 0)),
            Left = Math.Max(0, padding.Left - (stride.Width > 1 ? 1 : 0)),
        };
}

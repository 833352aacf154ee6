using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using static ILGpuMobileNet.Network.Architectures.Nonlinearity;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>The NL column of MobileNetV3's tables.</summary>
internal enum Nonlinearity
{
    /// <summary>ReLU, or what the family has in its place.</summary>
    RE,

    /// <summary>Hard-swish.</summary>
    HS,
}

/// <summary>What the NL column means.</summary>
internal static class NonlinearityExtensions
{
    /// <summary>The function in an ecosystem.</summary>
    public static Activation In(this Nonlinearity nonlinearity, Family family) =>
        nonlinearity == HS ? Activation.HardSwish : family.Relu;
}

/// <summary>One bottleneck of MobileNetV3: the paper's columns.</summary>
/// <param name="Kernel">Size of the depthwise kernel.</param>
/// <param name="Expanded">Channels of the depthwise convolution at width 1.</param>
/// <param name="Out">Channels of the projection at width 1.</param>
/// <param name="SqueezeExcite">Whether there is a squeeze-excite.</param>
/// <param name="Activation">What follows the expansion and the depthwise convolution.</param>
/// <param name="Stride">Stride of the depthwise convolution.</param>
internal readonly record struct V3Row(
    int Kernel,
    int Expanded,
    int Out,
    bool SqueezeExcite,
    Nonlinearity Activation,
    int Stride
);

/// <summary>The bottlenecks of tables 1 and 2 of arXiv:1905.02244.</summary>
internal static class V3Rows
{
    private const bool SE = true;
    private const bool No = false;

    /// <summary>Channels of the first convolution at width 1.</summary>
    public const int StemChannels = 16;

    /// <summary>The last convolution has this many times the channels it reads.</summary>
    public const int HeadExpansion = 6;

    /// <summary>MobileNetV3-Large, table 1.</summary>
    public static ImmutableArray<V3Row> Large { get; } =
    [
        // Kernel, Expanded, Out, SqueezeExcite, Activation, Stride
        new(3, 16, 16, No, RE, 1),
        new(3, 64, 24, No, RE, 2),
        new(3, 72, 24, No, RE, 1),
        new(5, 72, 40, SE, RE, 2),
        new(5, 120, 40, SE, RE, 1),
        new(5, 120, 40, SE, RE, 1),
        new(3, 240, 80, No, HS, 2),
        new(3, 200, 80, No, HS, 1),
        new(3, 184, 80, No, HS, 1),
        new(3, 184, 80, No, HS, 1),
        new(3, 480, 112, SE, HS, 1),
        new(3, 672, 112, SE, HS, 1),
        new(5, 672, 160, SE, HS, 2),
        new(5, 960, 160, SE, HS, 1),
        new(5, 960, 160, SE, HS, 1),
    ];

    /// <summary>MobileNetV3-Small, table 2.</summary>
    public static ImmutableArray<V3Row> Small { get; } =
    [
        // Kernel, Expanded, Out, SqueezeExcite, Activation, Stride
        new(3, 16, 16, SE, RE, 2),
        new(3, 72, 24, No, RE, 2),
        new(3, 88, 24, No, RE, 1),
        new(5, 96, 40, SE, HS, 2),
        new(5, 240, 40, SE, HS, 1),
        new(5, 240, 40, SE, HS, 1),
        new(5, 120, 48, SE, HS, 1),
        new(5, 144, 48, SE, HS, 1),
        new(5, 288, 96, SE, HS, 2),
        new(5, 576, 96, SE, HS, 1),
        new(5, 576, 96, SE, HS, 1),
    ];

    /// <summary>
    /// The rows in the channels that they have, without what some devices lack or are slow at: kernels of 3x3 and ReLU
    /// only, no squeeze-excite.
    /// </summary>
    public static ImmutableArray<V3Row> Minimalistic(ImmutableArray<V3Row> rows) =>
        [.. rows.Select(row => row with { Kernel = 3, SqueezeExcite = No, Activation = RE })];

    /// <summary>
    /// The rows with half the channels in the last stage, which begins at the last row of stride 2: its outputs, and
    /// what the rows after it expand to, as torchvision reduces the tail.
    /// </summary>
    public static ImmutableArray<V3Row> WithReducedTail(ImmutableArray<V3Row> rows)
    {
        var last = rows.Select((row, index) => (row.Stride, index)).Last(row => row.Stride == 2).index;
        return
        [
            .. rows[..last],
            rows[last] with
            {
                Out = rows[last].Out / 2,
            },
            .. rows[(last + 1)..].Select(row => row with { Expanded = row.Expanded / 2, Out = row.Out / 2 }),
        ];
    }
}

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>
/// Variables of TF-slim's checkpoints, written down from <c>research/slim/nets</c> of tensorflow/models apart from the
/// library's own tables.
/// </summary>
internal static class SlimNames
{
    private static readonly (int Out, int Stride)[] _v1 =
    [
        (64, 1),
        (128, 2),
        (128, 1),
        (256, 2),
        (256, 1),
        (512, 2),
        (512, 1),
        (512, 1),
        (512, 1),
        (512, 1),
        (512, 1),
        (1024, 2),
        (1024, 1),
    ];

    private static readonly int[] _v2 = [16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320];

    // kernel, expanded, out, squeezed
    private static readonly (int Kernel, int Expanded, int Out, int Squeezed)[] _v3Small =
    [
        (3, 16, 16, 8),
        (3, 72, 24, 0),
        (3, 88, 24, 0),
        (5, 96, 40, 24),
        (5, 240, 40, 64),
        (5, 240, 40, 64),
        (5, 120, 48, 32),
        (5, 144, 48, 40),
        (5, 288, 96, 72),
        (5, 576, 96, 144),
        (5, 576, 96, 144),
    ];

    public static IEnumerable<(string Name, int[] Shape)> V1(int classes) =>
        [
            .. Unit("MobilenetV1/Conv2d_0", [3, 3, 3, 32], 32),
            .. _v1.SelectMany(
                (row, index) =>
                {
                    var read = index == 0 ? 32 : _v1[index - 1].Out;
                    return Depthwise($"MobilenetV1/Conv2d_{index + 1}_depthwise", 3, read)
                        .Concat(Unit($"MobilenetV1/Conv2d_{index + 1}_pointwise", [1, 1, read, row.Out], row.Out));
                }
            ),
            .. Biased("MobilenetV1/Logits/Conv2d_1c_1x1", 1024, classes),
        ];

    public static IEnumerable<(string Name, int[] Shape)> V2(int classes) =>
        [
            .. Unit("MobilenetV2/Conv", [3, 3, 3, 32], 32),
            .. _v2.SelectMany(
                (channels, index) =>
                {
                    var read = index == 0 ? 32 : _v2[index - 1];
                    return Block($"MobilenetV2/{Scope(index)}", read, (3, index == 0 ? 32 : 6 * read, channels, 0));
                }
            ),
            .. Unit("MobilenetV2/Conv_1", [1, 1, 320, 1280], 1280),
            .. Biased("MobilenetV2/Logits/Conv2d_1c_1x1", 1280, classes),
        ];

    public static IEnumerable<(string Name, int[] Shape)> V3Small(int classes) => V3(_v3Small, classes);

    public static IEnumerable<(string Name, int[] Shape)> V3SmallMinimalistic(int classes) =>
        V3([.. _v3Small.Select(row => row with { Kernel = 3, Squeezed = 0 })], classes);

    private static IEnumerable<(string Name, int[] Shape)> V3(
        (int Kernel, int Expanded, int Out, int Squeezed)[] rows,
        int classes
    ) =>
        [
            .. Unit("MobilenetV3/Conv", [3, 3, 3, 16], 16),
            .. rows.SelectMany(
                (row, index) => Block($"MobilenetV3/{Scope(index)}", index == 0 ? 16 : rows[index - 1].Out, row)
            ),
            .. Unit("MobilenetV3/Conv_1", [1, 1, 96, 576], 576),
            .. Biased("MobilenetV3/Conv_2", 576, 1024),
            .. Biased("MobilenetV3/Logits/Conv2d_1c_1x1", 1024, classes),
        ];

    private static string Scope(int index) => index == 0 ? "expanded_conv" : $"expanded_conv_{index}";

    private static IEnumerable<(string, int[])> Block(
        string scope,
        int read,
        (int Kernel, int Expanded, int Out, int Squeezed) row
    ) =>
        [
            .. row.Expanded == read ? [] : Unit($"{scope}/expand", [1, 1, read, row.Expanded], row.Expanded),
            .. Depthwise($"{scope}/depthwise", row.Kernel, row.Expanded),
            .. row.Squeezed == 0
                ? []
                : Biased($"{scope}/squeeze_excite/Conv", row.Expanded, row.Squeezed)
                    .Concat(Biased($"{scope}/squeeze_excite/Conv_1", row.Squeezed, row.Expanded)),
            .. Unit($"{scope}/project", [1, 1, row.Expanded, row.Out], row.Out),
        ];

    private static IEnumerable<(string, int[])> Unit(string name, int[] shape, int channels) =>
        [($"{name}/weights", shape), .. BatchNorm(name, channels)];

    private static IEnumerable<(string, int[])> Depthwise(string name, int kernel, int channels) =>
        [($"{name}/depthwise_weights", [kernel, kernel, channels, 1]), .. BatchNorm(name, channels)];

    private static IEnumerable<(string, int[])> BatchNorm(string name, int channels) =>
        new[] { "beta", "gamma", "moving_mean", "moving_variance" }.Select(part =>
            ($"{name}/BatchNorm/{part}", new[] { channels })
        );

    private static IEnumerable<(string, int[])> Biased(string name, int inputs, int outputs) =>
        [($"{name}/weights", [1, 1, inputs, outputs]), ($"{name}/biases", [outputs])];
}

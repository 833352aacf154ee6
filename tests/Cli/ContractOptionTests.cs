using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>Every item of a contract, changed on the command line: what it contradicts is an error, else the scores differ.</summary>
public sealed class ContractOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--epsilon", "1e-5", "epsilon 1E-05 was asked for, it has 0.001")]
    [InlineData("--padding", "same", "padding same was asked for, it has symmetric")]
    [InlineData("--gate", "hard-sigmoid:0.2", "gate hard-sigmoid:0.2 was asked for, it has hard-sigmoid")]
    [InlineData("--activation", "relu6", "activation relu6 was asked for, it has relu")]
    public async Task Another_arithmetic_has_to_be_forced(string option, string value, string message)
    {
        // Inputs large enough for ReLU6 to cut something off.
        string[] large = ["--std", "0.01"];
        var (own, refused) = (await ClassifyAsync(large), await ClassifyAsync([option, value, .. large]));
        var forced = await ClassifyAsync([option, value, "--force-numerics", .. large]);

        Assert.Equal((ExitCode.Done, ExitCode.Usage, ExitCode.Done), (own.Code, refused.Code, forced.Code));
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        Assert.NotEqual(own.Output, forced.Output);
    }

    [Theory]
    [InlineData("--resolution", "48x48")]
    [InlineData("--resize", "stretch")]
    [InlineData("--resize", "70")]
    [InlineData("--crop", "0.5")]
    [InlineData("--rounding", "paddle")]
    [InlineData("--interpolation", "nearest")]
    [InlineData("--antialias", "false")]
    [InlineData("--mean", "0.1,0.2,0.3")]
    [InlineData("--std", "0.5")]
    [InlineData("--channel-order", "bgr")]
    [InlineData("--preprocessing", "keras")]
    public async Task Pictures_prepared_otherwise_give_other_scores(string option, string value)
    {
        var (own, changed) = (await ClassifyAsync(), await ClassifyAsync(option, value));

        Assert.Equal((ExitCode.Done, ExitCode.Done), (own.Code, changed.Code));
        Assert.NotEqual(own.Output, changed.Output);
        Assert.Equal(
            option != "--resolution",
            changed.Error.Contains("with changes", StringComparison.Ordinal)
                || changed.Error.Contains("pictures prepared as for keras", StringComparison.Ordinal)
        );
    }

    private async Task<ToolResult> ClassifyAsync(params string[] options)
    {
        var weights = _folder.PathOf("w.safetensors");
        var network = new ModelOptions
        {
            Model = "mobilenet_v3_small",
            RandomSeed = 1,
            Width = 0.35,
        };
        Safetensors.Write(weights, ModelSource.Load(network).Model.Weights);
        // Not square, with a side that the rules of rounding differ on.
        var picture = _folder.WriteImage("a.ppm", 1, width: 307, height: 300);
        string[] small = options.Contains("--resolution") ? [] : ["--resolution", "64x64"];
        return await Tool.RunAsync(["classify", picture, "--model", weights, "--json", .. small, .. options]);
    }
}

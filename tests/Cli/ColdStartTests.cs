using System.Diagnostics;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The tool as <c>./mobilenet</c> runs it, from its start to the result.</summary>
[Collection(MeasuringTests.Name)]
public sealed class ColdStartTests : IDisposable
{
    private const int RunCount = 5;

    // In starts of the tool that only print help, which take turns with it: 2.3 where this was written, whether the
    // machine was busy or not.
    private const double Limit = 4.5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_first_result_with_weights_from_a_file_is_there_soon()
    {
        var tool = Repository.PathOf("src", "Cli", "bin", "Release", "net10.0", "publish", "mobilenet.dll");
        Skip.IfNot(File.Exists(tool), "The tool is not published; run ./mobilenet once.");
        var options = new ModelOptions { Model = "mobilenet_v3_small", RandomSeed = 1 };
        Safetensors.Write(_folder.PathOf("w.safetensors"), ModelSource.Load(options).Model.Weights);
        Npy.Write(_folder.PathOf("x.npy"), new Tensor([1, 3, 224, 224], TestValues.Uniform(1, 3 * 224 * 224)));

        string[] run = ["run", "mobilenet_v3_small", "--weights", _folder.PathOf("w.safetensors")];
        string[] files = ["--input", _folder.PathOf("x.npy"), "--output", _folder.PathOf("y.npy")];
        var (best, bestHelp) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < RunCount; i++)
        {
            bestHelp = Shorter(bestHelp, Measure(tool, "--help"));
            best = Shorter(best, Measure(tool, [.. run, .. files, "--device", "cpu"]));
        }

        Assert.InRange(best / bestHelp, 1, Limit);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Measure(string tool, params string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        var result = ToolProcess.RunAt(tool, arguments);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Assert.True(result.Code == ExitCode.Done, result.Error);
        return elapsed;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>ONNX Runtime in a process of its own, asked through <c>eng/onnxruntime-run.js</c>.</summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    private readonly Process _process;

    public OnnxRuntimePeer(string root, string model, int threads)
    {
        var script = Path.Combine(root, "eng", "onnxruntime-run.js");
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { script, model, "--threads", threads.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("'node' did not start.");
    }

    /// <summary>Runs once and writes the output.</summary>
    public void Run(string input, string output) => Ask(new() { ["input"] = input, ["output"] = output });

    /// <summary>Times runs.</summary>
    /// <param name="input">The batch, a NumPy file <c>[N, C, H, W]</c>.</param>
    /// <param name="runs">How many.</param>
    /// <returns>Milliseconds of each run.</returns>
    public IEnumerable<double> Measure(string input, int runs)
    {
        var reply = Ask(
            new()
            {
                ["bench"] = new JsonObject { ["input"] = input, ["runs"] = runs },
            }
        );
        return reply["milliseconds"]!.AsArray().Select(time => (double)time!);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonNode Ask(JsonObject request)
    {
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("ONNX Runtime ended.");
        var reply = JsonNode.Parse(line)!;
        return reply["error"] is { } fault ? throw new InvalidOperationException((string?)fault) : reply;
    }
}

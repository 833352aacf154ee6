using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ILGpuMobileNet.Reference;

/// <summary>ONNX Runtime in a process of its own, asked through <c>eng/onnxruntime-run.js</c>.</summary>
public sealed class OnnxRuntimePeer : IDisposable
{
    /// <summary>What to do when it is not installed.</summary>
    public const string Missing = "node with ONNX Runtime is not there; run eng/setup-peers.";

    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="model">An ONNX file.</param>
    /// <param name="threads">Threads of one operator.</param>
    public OnnxRuntimePeer(string model, int threads = 1)
    {
        var script = Repository.PathOf("eng", "onnxruntime-run.js");
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { script, model, "--threads", threads.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("'node' did not start.");
    }

    /// <summary>Whether node and the package are there.</summary>
    public static bool IsInstalled => NodePackage.IsInstalled("onnxruntime-node");

    /// <summary>Runs once and writes the output.</summary>
    /// <param name="input">The batch, a NumPy file <c>[N, C, H, W]</c>.</param>
    /// <param name="output">NumPy file that receives the output.</param>
    public void Run(string input, string output) => Ask(new() { ["input"] = input, ["output"] = output });

    /// <summary>Times runs.</summary>
    /// <param name="input">The batch, a NumPy file <c>[N, C, H, W]</c>.</param>
    /// <param name="runs">How many.</param>
    /// <returns>Milliseconds of each run.</returns>
    public IEnumerable<double> Measure(string input, int runs) => Measure("bench", input, runs);

    /// <summary>Times the making of a session from the model's file, with its first run.</summary>
    /// <param name="input">The batch, a NumPy file <c>[N, C, H, W]</c>.</param>
    /// <param name="runs">How many.</param>
    /// <returns>Milliseconds of each.</returns>
    public IEnumerable<double> MeasureLoading(string input, int runs) => Measure("load", input, runs);

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private IEnumerable<double> Measure(string request, string input, int runs)
    {
        var reply = Ask(
            new()
            {
                [request] = new JsonObject { ["input"] = input, ["runs"] = runs },
            }
        );
        return reply["milliseconds"]!.AsArray().Select(time => (double)time!);
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

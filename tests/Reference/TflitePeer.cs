using System.Diagnostics;

namespace ILGpuMobileNet.Reference;

/// <summary>TensorFlow Lite's own runtime, compiled to WebAssembly, asked through <c>eng/tflite-run.js</c>.</summary>
public static class TflitePeer
{
    /// <summary>What to do when it is not installed.</summary>
    public const string Missing = "node with TensorFlow Lite is not there; run eng/setup-peers.";

    /// <summary>Whether node and the package are there.</summary>
    public static bool IsInstalled => NodePackage.IsInstalled("@tensorflow/tfjs-tflite");

    /// <summary>Runs a model once.</summary>
    /// <param name="model">A TensorFlow Lite file.</param>
    /// <param name="input">The image, a NumPy file <c>[1, H, W, C]</c>.</param>
    /// <param name="outputs">NumPy files that receive the outputs, in the model's order.</param>
    public static void Run(string model, string input, params string[] outputs)
    {
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { Repository.PathOf("eng", "tflite-run.js"), model, input },
            RedirectStandardError = true,
        };
        Array.ForEach(outputs, start.ArgumentList.Add);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("'node' did not start.");
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"TensorFlow Lite could not run {model}: {said}");
        }
    }
}

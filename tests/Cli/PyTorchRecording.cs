using System.Diagnostics;
using System.Text;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>Records activations of torchvision's MobileNetV2 in PyTorch, by the lines that docs/comparing.md gives.</summary>
internal static class PyTorchRecording
{
    private const string Python = "/usr/bin/python3"; // Debian's, whose packages eng/network-goldens.py needs too

    public const string Missing = "There is no Python with torch and torchvision (Debian's python3-torchvision).";

    public static bool IsPossible { get; } =
        File.Exists(Python) && Start(Repository.Root, "import torch, torchvision, numpy") == "";

    /// <summary>Records and exports a small network under formula weights, and the same with each of several changes.</summary>
    /// <param name="folder">Receives a folder for each change, by its index, with torch.npz and network.onnx in it.</param>
    /// <param name="changes">Lines of Python that change the network <c>model</c>.</param>
    public static void Make(string folder, IReadOnlyList<string> changes)
    {
        File.WriteAllText(Path.Combine(folder, "recipe.py"), Recipe());
        File.WriteAllLines(Path.Combine(folder, "changes.txt"), changes);
        var script = $"""
            import os, sys
            sys.path.insert(0, {Quoted(Repository.PathOf("eng"))})
            import torch, torchvision
            from goldens import formula
            recipe = open("recipe.py").read()
            for index, change in enumerate(open("changes.txt").read().splitlines()):
                model = formula.fill(torchvision.models.mobilenet_v2(width_mult=0.35, num_classes=10)).float()
                x = formula.tensor("input", (2, 3, 64, 96)).float()
                exec(change)
                folder = os.path.join({Quoted(folder)}, str(index))
                os.makedirs(folder)
                os.chdir(folder)
                exec(recipe)
                for module in model.modules():
                    module._forward_hooks.clear()
                torch.onnx.export(model, x, "network.onnx")
            """;
        Assert.Equal("", Start(folder, script));
    }

    private static string Recipe() =>
        File.ReadAllText(Repository.PathOf("docs", "comparing.md")).Split("```python\n")[1].Split("```")[0];

    private static string Quoted(string text) => $"'{text.Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>What Python complains about; nothing where all went well.</summary>
    private static string Start(string folder, string script)
    {
        var start = new ProcessStartInfo(Python, ["-W", "ignore", "-"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Python} did not start.");
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"exit code {process.ExitCode}: {error}";
    }
}

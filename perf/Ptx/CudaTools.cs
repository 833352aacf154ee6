using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>NVIDIA's assembler and disassembler.</summary>
internal static partial class CudaTools
{
    private static readonly string[] s_names = ["ptxas", "cuobjdump", "nvdisasm"]; // cuobjdump calls nvdisasm

    /// <summary>The tools that are not on the PATH.</summary>
    public static IReadOnlyList<string> Missing { get; } = [.. s_names.Where(name => !IsOnPath(name))];

    /// <summary>ptxas with its version.</summary>
    public static string AssemblerName => $"ptxas {VersionNumber().Match(Run("ptxas", "--version")).Groups[1].Value}";

    /// <summary>Assembles a module with one kernel and looks at what came of it.</summary>
    /// <param name="ptx">The module.</param>
    /// <param name="architecture">For which architecture.</param>
    /// <param name="folder">For files meanwhile.</param>
    public static KernelFigures Assemble(string ptx, string architecture, string folder)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllText(path, ptx);
        var binary = path + ".cubin";
        var resources = PtxasOutput.Parse(Run("ptxas", $"-arch={architecture}", "-v", path, "-o", binary));
        var code = new MachineCode(Run("cuobjdump", "--dump-sass", binary));
        return new(resources, code.InstructionCount, code.InnerLoop);
    }

    private static bool IsOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".exe")));

    private static string Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{tool}' did not start.");
        var faults = process.StandardError.ReadToEndAsync(); // both at once, or a full pipe stops the tool
        var text = process.StandardOutput.ReadToEnd() + faults.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException(
                $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}"
            );
    }

    [GeneratedRegex(@"V(\d[\d.]*)")]
    private static partial Regex VersionNumber();
}

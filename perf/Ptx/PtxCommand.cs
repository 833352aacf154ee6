namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>Compiles every kernel to PTX, assembles it and looks at what a GPU would execute; needs no GPU.</summary>
internal static class PtxCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What follows <c>ptx</c>.</param>
    /// <param name="output">Receives the table, unless a file does, and messages.</param>
    /// <returns>The exit code: 0 done or skipped, 1 a limit is broken, 2 usage.</returns>
    public static int Run(string[] arguments, TextWriter output)
    {
        if (arguments is not ([] or ["--output", _]))
        {
            output.WriteLine("Usage: ptx [--output FILE]");
            return 2;
        }
        using var compiler = PtxCompilers.Create();
        if (compiler is null)
        {
            output.WriteLine(
                "Skipped: this build has the emulator, which makes no PTX. "
                    + "Build with -p:Ilgpu=package, where ILGPU can be restored."
            );
            return 0;
        }
        if (CudaTools.Missing.Count > 0)
        {
            output.WriteLine(
                $"Skipped: not on the PATH: {string.Join(", ", CudaTools.Missing)}. "
                    + "They are in the CUDA toolkit (Debian: nvidia-cuda-toolkit)."
            );
            return 0;
        }
        var reports = Reports(compiler);
        Write(arguments, output, reports, $"{compiler.Name} and {CudaTools.AssemblerName}");
        return reports.Any(report => report.Faults.Any()) ? 1 : 0;
    }

    private static List<KernelReport> Reports(IPtxCompiler compiler)
    {
        var folder = Directory.CreateTempSubdirectory("mobilenet-ptx").FullName;
        try
        {
            return
            [
                .. KernelCatalog
                    .All.AsParallel()
                    .AsOrdered()
                    .Select(kernel => new KernelReport(kernel, Figures(compiler, kernel, folder))),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static KernelFigures[] Figures(IPtxCompiler compiler, KernelVariant kernel, string folder) =>
        [
            .. PtxArchitectures.Names.Select(architecture =>
                CudaTools.Assemble(compiler.Compile(kernel.Method, architecture), architecture, folder)
            ),
        ];

    private static void Write(string[] arguments, TextWriter output, List<KernelReport> reports, string tools)
    {
        if (arguments is [_, var path])
        {
            using var file = new StreamWriter(path);
            PtxTable.Write(file, reports, tools);
        }
        else
        {
            PtxTable.Write(output, reports, tools);
        }
        foreach (var fault in reports.SelectMany(report => report.Faults))
        {
            output.WriteLine(fault);
        }
    }
}

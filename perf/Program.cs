using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Benchmarks.Ptx;

// perf/compare calls this with "compare"; what is no command is BenchmarkDotNet's.
switch (args)
{
    case ["compare"]:
        CompareCommand.Run(Console.Out);
        return 0;
    case ["ptx", .. var arguments]:
        return PtxCommand.Run(arguments, Console.Out);
}

// In this process: BenchmarkDotNet 0.14 cannot build programs for .NET 10.
var config = DefaultConfig
    .Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(200));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ILGpuMobileNet.Benchmarks.Compare;

// perf/compare calls this with "compare"; every other argument is BenchmarkDotNet's.
if (args is ["compare"])
{
    CompareCommand.Run(Console.Out);
    return;
}

// In this process: BenchmarkDotNet 0.14 cannot build programs for .NET 10.
var config = DefaultConfig
    .Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(200));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);

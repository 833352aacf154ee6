using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Benchmarks.Ptx;
using ILGpuMobileNet.Benchmarks.Serving;

// perf/compare calls this with "compare", perf/serving with "serving"; what is no command is BenchmarkDotNet's.
switch (args)
{
    case ["compare", .. var names]:
        return CompareCommand.Run(names, Console.Out);
    case ["serving", .. var arguments]:
        return await ServingCommand.RunAsync(arguments, Console.Out);
    case ["ptx", .. var arguments]:
        return PtxCommand.Run(arguments, Console.Out);
    case [EngineRun.Command, .. var arguments]:
        return EngineRun.RunOurs(arguments);
    default:
        RunBenchmarks(args);
        return 0;
}

// A function of its own, so that the commands, one of which has its memory measured, do not load BenchmarkDotNet.
static void RunBenchmarks(string[] args)
{
    var config = DefaultConfig.Instance.WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(200));
    if (!args.Any(argument => argument is "-j" or "--job"))
    {
        // In this process: a program of its own would be built anew, with the default choice of ILGPU.
        config = config.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
}

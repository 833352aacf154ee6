using System.CommandLine;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Load;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options that say how a load generator asks, and about what.</summary>
internal sealed class LoadOptionSet
{
    private const double LongestSeconds = 3600;
    private const double LongestBoundMilliseconds = 60_000;
    private static readonly LoadOptions s_defaults = new();

    private readonly Option<LoadScenario?> _scenario = Parsed.Option<LoadScenario?>(
        "--scenario",
        "NAME",
        $"{ItemText.Values<LoadScenario>()}. Default: callers where --callers is given, else single-stream.",
        text => ItemText.Parse<LoadScenario>(text)
    );

    private readonly Option<int?> _callers = Parsed.Option<int?>(
        "--callers",
        "N",
        $"Callers that send an image each, and again when it is answered; {s_defaults.CallerCount} unless given. Not one "
            + "of MLPerf's scenarios.",
        text => Parsed.Integer(text, 1, 1 << 16)
    );

    private readonly Option<double?> _rate = Parsed.Option<double?>(
        "--rate",
        "Q",
        "Images that arrive a second in the server scenario. Without it the highest rate that passes is searched for.",
        text => Parsed.Number(text, 1e-3, 1e6)
    );

    private readonly Option<double?> _bound = Parsed.Option<double?>(
        "--bound",
        "MS",
        "Milliseconds that the 99th percentile may take in the server scenario; "
            + $"{s_defaults.LatencyBound.TotalMilliseconds} unless given.",
        text => Parsed.Number(text, 1e-3, LongestBoundMilliseconds)
    );

    private readonly Option<int?> _querySize = Parsed.Option<int?>(
        "--samples-per-query",
        "N",
        $"Images of a query in the multi-stream scenario; {s_defaults.SamplesPerQuery} unless given.",
        text => Parsed.Integer(text, 1, ClassifierOptions.LargestBatch)
    );

    private readonly Option<double> _seconds = Parsed
        .Option("--seconds", "S", "A run takes so long at least.", text => Parsed.Number(text, 1e-3, LongestSeconds))
        .WithDefault(s_defaults.MinimalDuration.TotalSeconds);

    private readonly Option<double?> _maximalSeconds = Parsed.Option<double?>(
        "--max-seconds",
        "S",
        "A run ends then even with fewer queries than it should have; "
            + $"{s_defaults.MaximalDuration.TotalSeconds}, or --seconds where that is more, unless given.",
        text => Parsed.Number(text, 1e-3, LongestSeconds)
    );

    private readonly Option<int?> _queries = Parsed.Option<int?>(
        "--queries",
        "N",
        "A run has so many queries at least. Default: the fewest that tell its percentile with a confidence of 99%, "
            + "64 for the 90th, 662 for the 99th.",
        text => Parsed.Integer(text, 1, 1 << 26)
    );

    private readonly Option<double> _warmUp = Parsed
        .Option("--warm-up", "S", "Seconds of the same load before.", text => Parsed.Number(text, 0, LongestSeconds))
        .WithDefault(s_defaults.WarmUp.TotalSeconds);

    private readonly Option<int> _seed = Parsed
        .Option("--seed", "SEED", "Decides which image comes when.", text => Parsed.Integer(text, 0, int.MaxValue))
        .WithDefault(s_defaults.Seed);

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _scenario,
            _callers,
            _rate,
            _bound,
            _querySize,
            _seconds,
            _maximalSeconds,
            _queries,
            _warmUp,
            _seed,
        ];
        Array.ForEach(all, command.Add);
    }

    /// <summary>Whether a rate is to be searched for.</summary>
    /// <param name="arguments">The command line.</param>
    public bool IsSearch(ParseResult arguments) =>
        Scenario(arguments) == LoadScenario.Server && arguments.GetValue(_rate) is null;

    /// <summary>What the user chose.</summary>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    public LoadOptions Read(ParseResult arguments)
    {
        var scenario = Scenario(arguments);
        RefuseOutside(scenario, LoadScenario.Callers, arguments.GetValue(_callers) is not null, _callers);
        RefuseOutside(scenario, LoadScenario.Server, arguments.GetValue(_rate) is not null, _rate);
        RefuseOutside(scenario, LoadScenario.Server, arguments.GetValue(_bound) is not null, _bound);
        RefuseOutside(scenario, LoadScenario.MultiStream, arguments.GetValue(_querySize) is not null, _querySize);
        var (least, most) = Durations(arguments);
        return s_defaults with
        {
            Scenario = scenario,
            CallerCount = arguments.GetValue(_callers) ?? s_defaults.CallerCount,
            Rate = arguments.GetValue(_rate) ?? s_defaults.Rate,
            LatencyBound = arguments.GetValue(_bound) is { } bound
                ? TimeSpan.FromMilliseconds(bound)
                : s_defaults.LatencyBound,
            SamplesPerQuery = arguments.GetValue(_querySize) ?? s_defaults.SamplesPerQuery,
            MinimalDuration = least,
            MaximalDuration = most,
            MinimalQueryCount = arguments.GetValue(_queries),
            WarmUp = Seconds(arguments.GetValue(_warmUp)),
            Seed = arguments.GetValue(_seed),
        };
    }

    private LoadScenario Scenario(ParseResult arguments) =>
        arguments.GetValue(_scenario)
        ?? (arguments.GetValue(_callers) is null ? LoadScenario.SingleStream : LoadScenario.Callers);

    private (TimeSpan Least, TimeSpan Most) Durations(ParseResult arguments)
    {
        var least = arguments.GetValue(_seconds);
        var most = arguments.GetValue(_maximalSeconds) ?? Math.Max(least, s_defaults.MaximalDuration.TotalSeconds);
        return most >= least
            ? (Seconds(least), Seconds(most))
            : throw new ArgumentException("--max-seconds is less than --seconds.");
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void RefuseOutside(LoadScenario chosen, LoadScenario only, bool isGiven, Option option)
    {
        if (isGiven && chosen != only)
        {
            throw new ArgumentException(
                $"{option.Name} is for the scenario {ItemText.Of(only)}, not for {ItemText.Of(chosen)}."
            );
        }
    }
}

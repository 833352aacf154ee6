using ILGpuMobileNet.Cli.Reports;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class ProgressLineTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Fact]
    public void Says_nothing_in_the_first_second()
    {
        var progress = new ProgressLine(_error, 10, _time, isTerminal: true);

        Step(progress, 0.9);
        progress.Dispose();

        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Writes_over_its_line_on_a_terminal_and_takes_it_away()
    {
        var progress = new ProgressLine(_error, 10, _time, isTerminal: true);

        Step(progress, 2);
        Step(progress, 0.1);
        Step(progress, 2);
        progress.WriteLine("error: bad.png");

        Assert.Equal(
            "\r\u001b[K1 of 10, 0.5 per second, 0:18 left\r\u001b[K3 of 10, 0.7 per second, 0:10 left\r\u001b[Kerror: bad.png\n",
            _error.ToString()
        );
    }

    [Fact]
    public void Writes_a_line_every_ten_seconds_into_a_file()
    {
        var progress = new ProgressLine(_error, 100, _time, isTerminal: false);

        for (var second = 0; second < 25; second++)
        {
            Step(progress, 1);
        }
        progress.Dispose();

        Assert.Equal("10 of 100, 1.0 per second, 1:30 left\n20 of 100, 1.0 per second, 1:20 left\n", _error.ToString());
    }

    [Fact]
    public void Tells_the_pace_of_late_and_on_average_what_failed_and_what_need_not_be_done()
    {
        var progress = new ProgressLine(_error, total: null, _time, isTerminal: false);

        Steps(progress, count: 100, seconds: 10);
        progress.Total = 10_000;
        (progress.Skipped, progress.Failed) = (200, 3);
        Steps(progress, count: 40, seconds: 40);

        string[] expected =
        [
            "100, 10.0 per second",
            "310 of 10000, 5.5 per second, 29:22 left, 3 failed",
            "320 of 10000, 4.0 per second, 40:20 left, 3 failed",
        ];
        Assert.StartsWith(string.Join('\n', expected), _error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("1.0 per second (2.8 on average), 2:41:00 left, 3 failed\n", _error.ToString());
    }

    private void Steps(ProgressLine progress, int count, double seconds)
    {
        for (var step = 0; step < count; step++)
        {
            Step(progress, seconds / count);
        }
    }

    private void Step(ProgressLine progress, double seconds)
    {
        _time.Now += (long)(seconds * TimeSpan.TicksPerSecond);
        progress.Advance();
    }
}

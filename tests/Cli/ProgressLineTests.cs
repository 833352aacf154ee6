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
            "\r\u001b[K1 of 10, 0.5 per second\r\u001b[K3 of 10, 0.7 per second\r\u001b[Kerror: bad.png\n",
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

        Assert.Equal("10 of 100, 1.0 per second\n20 of 100, 1.0 per second\n", _error.ToString());
    }

    private void Step(ProgressLine progress, double seconds)
    {
        _time.Now += (long)(seconds * TimeSpan.TicksPerSecond);
        progress.Advance();
    }
}

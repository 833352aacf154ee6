using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ILGpuMobileNet.Host.Tests.Serving;

/// <summary>Keeps what is logged.</summary>
internal sealed class FakeLog(LogLevel level) : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Entries.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

    public void Dispose() { }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Tests.Serving;

/// <summary>A device that tests control: each output is the sum of the image, so that a caller knows its own answer.</summary>
internal sealed class FakeDevice(string name)
{
    private readonly object _gate = new();
    private bool _isOpen = true;
    private int _failures;

    public string Name => name;

    /// <summary>Sizes of the batches that were run, those that failed too.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    public int OpenedCount;

    public int DisposedCount;

    /// <summary>Lets runs begin, or has them wait.</summary>
    public bool IsOpen
    {
        set
        {
            lock (_gate)
            {
                _isOpen = value;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>What each run takes.</summary>
    public TimeSpan RunTime { get; set; }

    /// <summary>What closing a session throws; null for nothing.</summary>
    public Exception? DisposeFault { get; set; }

    /// <summary>Has the next runs fail.</summary>
    public void FailNext(int count) => Volatile.Write(ref _failures, count);

    public ISession Open(HostedModel model, MobileNetHostOptions options)
    {
        Interlocked.Increment(ref OpenedCount);
        return new Session(this, model, options.MaximalBatch);
    }

    private void Begin(int batch)
    {
        Batches.Enqueue(batch);
        lock (_gate)
        {
            while (!_isOpen)
            {
                Monitor.Wait(_gate);
            }
        }
        Thread.Sleep(RunTime);
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new DeviceException(name, "broke.", true, null);
        }
    }

    private sealed class Session(FakeDevice device, HostedModel model, int maximalBatch) : ISession
    {
        private bool _disposed;

        public string Device => device.Name;

        public FeatureShape Input => model.Input;

        public FeatureShape Output => Outputs[0];

        public ImmutableArray<FeatureShape> Outputs => model.Outputs;

        public int MaximalBatch => maximalBatch;

        public SessionMemory Memory => default;

        public void Run(ReadOnlySpan<float> input, Span<float> output, int batch) =>
            throw new NotSupportedException("The host asks for all outputs.");

        public void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            device.Begin(batch);
            var size = (int)Input.ElementCount;
            for (var n = 0; n < batch; n++)
            {
                var sum = 0f;
                foreach (var value in input.Slice(n * size, size))
                {
                    sum += value;
                }
                for (var i = 0; i < outputs.Length; i++)
                {
                    var length = (int)Outputs[i].ElementCount;
                    outputs[i].Span.Slice(n * length, length).Fill(sum);
                }
            }
        }

        public void Dispose()
        {
            if (!_disposed)
            {
                _disposed = true;
                Interlocked.Increment(ref device.DisposedCount);
            }
            if (device.DisposeFault is { } fault)
            {
                throw fault;
            }
        }
    }
}

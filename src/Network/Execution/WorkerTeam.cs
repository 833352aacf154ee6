using System.Runtime.ExceptionServices;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// Threads that share the items of an operation with the caller. Between operations they spin for a moment and then
/// sleep. The caller never waits for a thread that has not begun: it does the items itself. A fault in any thread ends
/// the operation and reaches the caller.
/// </summary>
internal sealed unsafe class WorkerTeam : IDisposable
{
    private const int SpinCount = 400;
    private const long Open = 1L << 32;

    private readonly AlignedBuffer[] _scratch;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private SimdOperation? _operation;
    private Operands _operands;
    private readonly ItemRanges _items;
    private long _state; // Open while items may be taken, plus the number of threads inside
    private int _sleeping; // threads that will wait for one release each
    private Exception? _fault; // the first of an operation
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threadCount">Threads including the caller, at least 1.</param>
    /// <param name="scratchLength">Floats of working memory for each.</param>
    public WorkerTeam(int threadCount, long scratchLength)
    {
        _scratch = [.. Enumerable.Range(0, threadCount).Select(_ => new AlignedBuffer(scratchLength))];
        Parallelism = ParallelismOf(threadCount);
        _items = new(Parallelism);
        _threads = [.. Enumerable.Range(1, threadCount - 1).Select(StartThread)];
    }

    /// <summary>Threads that sleep until there is work.</summary>
    public int SleepingCount => Volatile.Read(ref _sleeping);

    /// <summary>Threads that can run at once, the caller among them.</summary>
    public int Parallelism { get; }

    /// <summary>How many threads of a team can run at once.</summary>
    /// <param name="threadCount">Threads including the caller, at least 1.</param>
    public static int ParallelismOf(int threadCount) => Math.Min(threadCount, Environment.ProcessorCount);

    /// <summary>Runs every item of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="operands">Where it reads and writes.</param>
    /// <param name="isShared">Whether the threads share it; the caller alone does it sooner where it is short.</param>
    public void Run(SimdOperation operation, in Operands operands, bool isShared = true)
    {
        var threads = isShared ? Parallelism : 1;
        for (var phase = 0; phase < operation.PhaseCount; phase++)
        {
            RunPhase(operation, operands with { Threads = threads, Phase = phase });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        WakeSleepers(_threads.Length);
        Array.ForEach(_threads, thread => thread.Join());
        Array.ForEach(_scratch, buffer => buffer.Dispose());
        _wake.Dispose();
    }

    private void RunPhase(SimdOperation operation, in Operands operands)
    {
        _operation = operation;
        _operands = operands;
        var itemCount = operation.ItemCount(operands);
        _items.Reset(itemCount);
        if (operands.Threads == 1 || itemCount == 1)
        {
            TakeItems(0);
        }
        else
        {
            RunShared(itemCount);
        }
        if (Interlocked.Exchange(ref _fault, null) is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private void RunShared(int itemCount)
    {
        Interlocked.Exchange(ref _state, Open);
        WakeSleepers(Math.Min(itemCount, Parallelism) - 1);
        TakeItems(0);
        Interlocked.And(ref _state, ~Open);
        var wait = new SpinWait(); // lets others run where threads outnumber cores
        while (Volatile.Read(ref _state) != 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private Thread StartThread(int index)
    {
        var thread = new Thread(() => Work(index)) { IsBackground = true, Name = $"MobileNet worker {index}" };
        thread.Start();
        return thread;
    }

    private void Work(int index)
    {
        var idle = 0;
        while (!_disposed)
        {
            if (TryEnter())
            {
                TakeItems(index);
                Interlocked.Decrement(ref _state);
                idle = 0;
            }
            else if (++idle < SpinCount)
            {
                Thread.SpinWait(8);
            }
            else
            {
                Sleep();
                idle = 0;
            }
        }
    }

    private bool TryEnter()
    {
        var state = Volatile.Read(ref _state);
        return (state & Open) != 0
            && _items.HasItems
            && Interlocked.CompareExchange(ref _state, state + 1, state) == state;
    }

    private void WakeSleepers(int atMost)
    {
        Interlocked.MemoryBarrier();
        var count = 0;
        while (count < atMost && TryUncountSleeper())
        {
            count++;
        }
        if (count > 0)
        {
            _wake.Release(count);
        }
    }

    private void Sleep()
    {
        Interlocked.Increment(ref _sleeping);
        var hasWork = (Volatile.Read(ref _state) & Open) != 0 || _disposed;
        if (!hasWork || !TryUncountSleeper())
        {
            _wake.Wait(); // also when the waker has counted this thread already: its release must be taken
        }
    }

    private bool TryUncountSleeper()
    {
        for (var count = Volatile.Read(ref _sleeping); count > 0; count = Volatile.Read(ref _sleeping))
        {
            if (Interlocked.CompareExchange(ref _sleeping, count - 1, count) == count)
            {
                return true;
            }
        }
        return false;
    }

    private void TakeItems(int thread)
    {
        try
        {
            var scratch = _scratch[thread].Pointer;
            while (_items.TryTake(thread, out var item))
            {
                _operation!.Run(_operands, item, scratch);
            }
        }
        catch (Exception fault)
        {
            Interlocked.CompareExchange(ref _fault, fault, null);
            _items.Clear(); // nothing more is begun
        }
    }
}

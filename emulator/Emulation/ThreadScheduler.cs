namespace ILGPU.Emulation;

/// <summary>Executes groups on threads of the host, one at a time, each holding the stack of an emulated thread that
/// waits. As long as emulated threads end without waiting, one thread of the host does them all.</summary>
/// <remarks>One for an accelerator, which launches one kernel at a time; its threads of the host end with it.</remarks>
internal sealed class ThreadScheduler : IThreadSwitch, IDisposable
{
    private const int StackSize = 256 * 1024;

    [ThreadStatic]
    private static Worker? self;

    private readonly Stack<Worker> idle = [];
    private readonly Worker launcher = new();
    private Worker?[] owners = [];
    private GroupRun run = null!;
    private IKernelBody body = null!;
    private Exception? fault;
    private bool isDisposed;

    /// <summary>Ends the threads of the host, which are all idle between launches.</summary>
    public void Dispose()
    {
        isDisposed = true;
        while (idle.TryPop(out var worker))
        {
            worker.Gate.Set();
        }
    }

    public void Execute(GroupRun group, IKernelBody kernel)
    {
        run = group;
        body = kernel;
        run.Switch = this;
        fault = null;
        if (owners.Length < group.GroupSize)
        {
            owners = new Worker?[group.GroupSize];
        }

        var outer = self;
        self = launcher;
        try
        {
            if (!Work(launcher, run.NextThread()))
            {
                launcher.Gate.WaitOne();
            }
        }
        finally
        {
            self = outer;
            GroupRun.Current = null;
        }

        if (fault != null)
        {
            throw fault;
        }
    }

    public void Suspend(GroupRun group)
    {
        var thread = run.ThreadIndex;
        var next = run.NextThread();
        if (next != thread)
        {
            var worker = self!;
            Resume(next);
            worker.Gate.WaitOne();
        }

        if (fault != null)
        {
            throw new AbortException();
        }

        run.Enter(thread);
    }

    /// <summary>Executes threads from this one on.</summary>
    /// <returns>True when the group ended here, false when another thread of the host goes on.</returns>
    private bool Work(Worker worker, int thread)
    {
        while (thread >= 0)
        {
            owners[thread] = worker;
            Run(thread);
            owners[thread] = null;
            thread = Next();
            if (thread >= 0 && owners[thread] != null)
            {
                Leave(worker, owners[thread]!);
                return false;
            }
        }

        if (worker != launcher)
        {
            Leave(worker, launcher);
        }

        return true;
    }

    private void Run(int thread)
    {
        run.Enter(thread);
        try
        {
            body.Step(null);
        }
        catch (AbortException) { }
        catch (Exception exception)
        {
            fault ??= KernelFault.Wrap(exception);
        }

        run.Threads.End(thread);
    }

    /// <summary>The thread to go on with; after a fault one that waits, so that it unwinds; -1 if none.</summary>
    private int Next()
    {
        if (fault == null)
        {
            try
            {
                return run.NextThread();
            }
            catch (KernelFaultException exception)
            {
                fault = exception;
            }
        }

        return Array.FindIndex(owners, owner => owner != null);
    }

    private void Leave(Worker worker, Worker next)
    {
        if (worker != launcher)
        {
            idle.Push(worker);
        }

        next.Gate.Set();
    }

    private void Resume(int thread)
    {
        var owner = owners[thread];
        if (owner == null)
        {
            if (!idle.TryPop(out owner))
            {
                owner = Start();
            }

            owners[thread] = owner;
            owner.Assigned = thread;
        }

        owner.Gate.Set();
    }

    private Worker Start()
    {
        var worker = new Worker();
        new Thread(() => Loop(worker), StackSize) { IsBackground = true, Name = "emulated thread" }.Start();
        return worker;
    }

    private void Loop(Worker worker)
    {
        self = worker;
        for (worker.Gate.WaitOne(); !isDisposed; worker.Gate.WaitOne())
        {
            Work(worker, worker.Assigned);
        }

        worker.Gate.Dispose();
    }

    /// <summary>A thread of the host.</summary>
    private sealed class Worker
    {
        public AutoResetEvent Gate { get; } = new(false);
        public int Assigned { get; set; }
    }

    /// <summary>Unwinds the stack of an emulated thread after another's fault.</summary>
    private sealed class AbortException : Exception;
}

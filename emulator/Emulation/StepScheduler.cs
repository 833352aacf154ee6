namespace ILGPU.Emulation;

/// <summary>Executes groups of a kernel that returns where its threads wait, or whose threads never wait.</summary>
internal sealed class StepScheduler : IThreadSwitch
{
    public void Execute(GroupRun run, IKernelBody kernel)
    {
        run.Switch = this;
        try
        {
            for (var thread = run.NextThread(); thread >= 0; thread = run.NextThread())
            {
                run.Enter(thread);
                run.ResumePoint = kernel.Step(run);
                if (run.ResumePoint == 0)
                {
                    run.Threads.End(thread);
                }
            }
        }
        catch (Exception exception)
        {
            var fault = KernelFault.Wrap(exception);
            if (fault == exception)
            {
                throw;
            }

            throw fault;
        }
        finally
        {
            GroupRun.Current = null;
        }
    }

    public void Suspend(GroupRun run) =>
        throw new NotSupportedException("A thread waits in a method that the emulator did not look into.");
}

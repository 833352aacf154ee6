namespace ILGPU.Emulation;

/// <summary>How the thread that runs gives way to the next.</summary>
internal interface IThreadSwitch
{
    /// <summary>Returns when the thread that calls may go on.</summary>
    void Suspend(GroupRun run);
}

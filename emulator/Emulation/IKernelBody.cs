namespace ILGPU.Emulation;

/// <summary>A kernel with the arguments of its launch.</summary>
internal interface IKernelBody
{
    /// <summary>Executes the thread the group is at: given the group until it waits or ends, else to its end.</summary>
    /// <returns>0 when it has ended, else where it goes on.</returns>
    int Step(GroupRun? run);
}

namespace ILGPU.Emulation;

/// <summary>A kernel with the arguments of its launch.</summary>
internal interface IKernelBody
{
    /// <summary>Executes the thread that the group is at, from its beginning to its end.</summary>
    void Run();
}

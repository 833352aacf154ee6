namespace ILGPU.Emulation;

/// <summary>What a kernel or its launch did wrong.</summary>
public enum FaultKind
{
    /// <summary>An element outside its view.</summary>
    OutOfRange,

    /// <summary>An element at an address that the device cannot load it from.</summary>
    Misaligned,

    /// <summary>Memory was read that nobody wrote.</summary>
    Uninitialized,

    /// <summary>Two threads touched a shared cell between two barriers, and one of them wrote it.</summary>
    SharedRace,

    /// <summary>Threads of a group ended while others wait at a barrier.</summary>
    MissedBarrier,

    /// <summary>Threads of a group wait at different barriers.</summary>
    DivergentBarrier,

    /// <summary>A buffer, stream or accelerator was used after its end.</summary>
    Disposed,

    /// <summary>A view of another accelerator, or memory of the device touched from the host.</summary>
    WrongAccelerator,

    /// <summary>A grid, a group or shared memory of a size that the device refuses.</summary>
    LaunchConfiguration,

    /// <summary>The kernel threw another exception, which is the inner one.</summary>
    Exception,
}

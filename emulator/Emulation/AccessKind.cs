namespace ILGPU.Emulation;

/// <summary>What an access does.</summary>
internal enum AccessKind
{
    Read,
    Write,
    Atomic,
}

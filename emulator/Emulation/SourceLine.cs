namespace ILGPU.Emulation;

/// <summary>A line of a kernel's source.</summary>
public readonly record struct SourceLine(string? File, int Line)
{
    public override string ToString() => File is { Length: > 0 } ? $"{Path.GetFileName(File)}:{Line}" : "";
}

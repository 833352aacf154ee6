namespace ILGPU.Runtime;

/// <summary>How large the groups of a kernel's launches will be at most, and how many shall run at once.</summary>
public readonly record struct KernelSpecialization(int? MaxNumThreadsPerGroup, int? MinNumGroupsPerMultiprocessor)
{
    public static readonly KernelSpecialization Empty;
}

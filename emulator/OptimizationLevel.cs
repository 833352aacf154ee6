namespace ILGPU;

/// <summary>How much a compiler for a device optimises.</summary>
public enum OptimizationLevel
{
    Debug,
    Release,
    O0 = Debug,
    O1 = Release,
    O2,
}

/// <summary>How exact the device's functions of numbers are.</summary>
public enum MathMode
{
    Default,
    Fast,
    Fast32BitOnly,
}

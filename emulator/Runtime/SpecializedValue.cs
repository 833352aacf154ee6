namespace ILGPU.Runtime;

/// <summary>An argument that a device compiles into the kernel; here an argument like others.</summary>
public readonly record struct SpecializedValue<T>(T Value)
    where T : unmanaged, IEquatable<T>
{
    public static implicit operator T(SpecializedValue<T> value) => value.Value;
}

/// <summary>Makes <see cref="SpecializedValue{T}"/>.</summary>
public static class SpecializedValue
{
    public static SpecializedValue<T> New<T>(T value)
        where T : unmanaged, IEquatable<T> => new(value);
}

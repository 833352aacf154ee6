using System.Reflection;
using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>Finds the views in an argument of a kernel, and refuses those that a launch must not have.</summary>
internal static class ArgumentCheck<T>
    where T : struct
{
    /// <summary>The check, null where the argument holds no view.</summary>
    public static readonly Action<T, Accelerator>? Check = Build();

    private static Action<T, Accelerator>? Build()
    {
        if (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(ArrayView<>))
        {
            var method = typeof(ArgumentCheck).GetMethod(nameof(ArgumentCheck.OfView), ArgumentCheck.Static)!;
            return method.MakeGenericMethod(typeof(T).GetGenericArguments()).CreateDelegate<Action<T, Accelerator>>();
        }

        Action<T, Accelerator>? all = null;
        foreach (var field in typeof(T).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (field.FieldType.IsValueType && !field.FieldType.IsPrimitive && !field.FieldType.IsEnum)
            {
                var method = typeof(ArgumentCheck).GetMethod(nameof(ArgumentCheck.OfField), ArgumentCheck.Static)!;
                var made = method.MakeGenericMethod(typeof(T), field.FieldType);
                all += (Action<T, Accelerator>?)made.Invoke(null, [field]);
            }
        }

        return all;
    }
}

/// <summary>What <see cref="ArgumentCheck{T}"/> is put together from.</summary>
internal static class ArgumentCheck
{
    public const BindingFlags Static = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;

    public static void OfView<T>(ArrayView<T> view, Accelerator accelerator)
        where T : unmanaged
    {
        if (view.Memory?.Space == MemorySpace.Disposed)
        {
            throw KernelFault.Of(FaultKind.Disposed, "A kernel was given a view of a disposed buffer", default);
        }

        if (view.Memory is { } memory && memory.Accelerator != accelerator)
        {
            var what = memory.Accelerator is { } owner ? $"accelerator {owner.Name}" : "the host";
            throw KernelFault.Of(FaultKind.WrongAccelerator, $"A kernel was given a view of memory of {what}", default);
        }
    }

    public static Action<T, Accelerator>? OfField<T, TField>(FieldInfo field)
        where T : struct
        where TField : struct
    {
        if (ArgumentCheck<TField>.Check is not { } check)
        {
            return null;
        }

        var argument = System.Linq.Expressions.Expression.Parameter(typeof(T));
        var read = System
            .Linq.Expressions.Expression.Lambda<Func<T, TField>>(
                System.Linq.Expressions.Expression.Field(argument, field),
                argument
            )
            .Compile();
        return (value, accelerator) => check(read(value), accelerator);
    }
}

using System.Runtime.CompilerServices;

namespace ILGPU.Emulation;

/// <summary>Refuses kernels whose types the code that ILGPU makes for a launch could not see.</summary>
internal static class KernelVisibility
{
    private const string RuntimeAssembly = "ILGPURuntime";

    public static void Ensure(Delegate kernel)
    {
        foreach (var parameter in kernel.Method.GetParameters())
        {
            if (!IsVisible(parameter.ParameterType))
            {
                throw new InternalCompilerException(
                    $"Access is denied: '{parameter.ParameterType}'. A kernel's types must be public, or "
                        + $"internal in an assembly whose internals are visible to {RuntimeAssembly}."
                );
            }
        }
    }

    private static bool IsVisible(Type type)
    {
        if (type.IsGenericType && !type.GetGenericArguments().All(IsVisible))
        {
            return false;
        }

        var isSeen =
            type.IsPublic
            || type.IsNestedPublic
            || ((type.IsNotPublic || type.IsNestedAssembly || type.IsNestedFamORAssem) && ShowsInternals(type));
        return isSeen && (type.DeclaringType is not { } outer || type.IsGenericParameter || IsVisible(outer));
    }

    private static bool ShowsInternals(Type type) =>
        type
            .Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false)
            .Cast<InternalsVisibleToAttribute>()
            .Any(visible => visible.AssemblyName == RuntimeAssembly);
}

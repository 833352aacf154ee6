using System.Reflection;
using System.Reflection.Emit;
using ILGPU.Emulation;

namespace ILGPU.Rewriting;

/// <summary>Finds out in which methods threads may wait for each other.</summary>
internal sealed class BlockingCalls
{
    private static readonly Assembly Emulator = typeof(BlockingCalls).Assembly;

    private readonly Dictionary<MethodBase, bool> known = [];

    /// <summary>Whether threads may wait in a method that is called.</summary>
    public bool MayBlock(MethodBase method)
    {
        if (method.IsDefined(typeof(BlockingAttribute), inherit: false))
        {
            return true;
        }

        if (known.TryGetValue(method, out var answer))
        {
            return answer;
        }

        known[method] = false;
        return known[method] = !IsForeign(method) && MethodCode.Of(method) is { } code && Contains(code);
    }

    /// <summary>The method that an instruction calls, or an error where that is known only when it runs.</summary>
    public static MethodBase? Target(MethodCode code, int index)
    {
        var instruction = code.Instructions[index];
        if (instruction.Callee is not { } callee || callee is not MethodInfo method)
        {
            return instruction.Callee;
        }

        if (typeof(Delegate).IsAssignableFrom(method.DeclaringType))
        {
            throw new NotSupportedException("A call of a delegate");
        }

        if (index > 0 && code.Instructions[index - 1].OpCode == OpCodes.Constrained)
        {
            return Implementation((Type)code.Instructions[index - 1].Operand!, method);
        }

        return method.IsAbstract ? throw new NotSupportedException("A call through an interface") : method;
    }

    private static MethodInfo Implementation(Type type, MethodInfo method)
    {
        if (!method.DeclaringType!.IsInterface)
        {
            return method;
        }

        var definition = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        var map = type.GetInterfaceMap(method.DeclaringType);
        var found = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, definition)];
        return method.IsGenericMethod ? found.MakeGenericMethod(method.GetGenericArguments()) : found;
    }

    private bool Contains(MethodCode code)
    {
        for (var i = 0; i < code.Instructions.Count; i++)
        {
            if (Target(code, i) is { } callee && MayBlock(callee))
            {
                return true;
            }
        }

        return false;
    }

    // Neither the emulator's other functions nor the runtime's wait, nor what coverage adds to the code.
    private static bool IsForeign(MethodBase method) =>
        method.Module.Assembly == Emulator
        || method.Module.Assembly == typeof(object).Assembly
        || method.DeclaringType?.Namespace?.StartsWith("Coverlet.", StringComparison.Ordinal) == true
        || method.Module.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal);
}

using System.Reflection;
using System.Reflection.Emit;

namespace ILGPU.Rewriting;

/// <summary>One instruction of a method with its operand resolved.</summary>
internal sealed record Instruction(int Offset, OpCode OpCode, object? Operand)
{
    /// <summary>How many values lie on the stack before it.</summary>
    public int Depth { get; set; }
    public bool IsBranch => OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch;
    public bool FallsThrough =>
        OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw);

    /// <summary>Where it may jump to.</summary>
    public IEnumerable<int> Targets =>
        Operand switch
        {
            int[] many => many,
            int one when IsBranch => [one],
            _ => [],
        };

    /// <summary>The local variable that it reads, writes or takes the address of; -1 for none.</summary>
    public int Local =>
        OpCode.Name switch
        {
            "ldloc.0" or "stloc.0" => 0,
            "ldloc.1" or "stloc.1" => 1,
            "ldloc.2" or "stloc.2" => 2,
            "ldloc.3" or "stloc.3" => 3,
            "ldloc" or "ldloc.s" or "stloc" or "stloc.s" or "ldloca" or "ldloca.s" => Convert.ToInt32(Operand, null),
            _ => -1,
        };

    /// <summary>The argument that it reads, writes or takes the address of; -1 for none.</summary>
    public int Argument =>
        OpCode.Name switch
        {
            "ldarg.0" => 0,
            "ldarg.1" => 1,
            "ldarg.2" => 2,
            "ldarg.3" => 3,
            "ldarg" or "ldarg.s" or "starg" or "starg.s" or "ldarga" or "ldarga.s" => Convert.ToInt32(Operand, null),
            _ => -1,
        };
    public bool IsStore => OpCode.Name!.StartsWith("st", StringComparison.Ordinal);
    public bool IsAddress =>
        OpCode.Name!.StartsWith("ldloca", StringComparison.Ordinal)
        || OpCode.Name.StartsWith("ldarga", StringComparison.Ordinal);
    public MethodBase? Callee => OpCode.FlowControl == FlowControl.Call ? Operand as MethodBase : null;

    /// <summary>By how much it changes the count of values on the stack.</summary>
    public int StackChange =>
        Operand is MethodBase method && OpCode.OperandType == OperandType.InlineMethod
            ? Returned(method) - Taken(method)
            : Pushed(OpCode.StackBehaviourPush) - Popped(OpCode.StackBehaviourPop);

    /// <summary>How many values a call takes from the stack.</summary>
    public int Taken(MethodBase method) =>
        OpCode == OpCodes.Ldftn ? 0
        : OpCode == OpCodes.Ldvirtftn ? 1
        : method.GetParameters().Length + (method.IsStatic || OpCode == OpCodes.Newobj ? 0 : 1);

    private int Returned(MethodBase method) =>
        OpCode == OpCodes.Newobj || OpCode == OpCodes.Ldftn || OpCode == OpCodes.Ldvirtftn ? 1
        : method is MethodInfo info && info.ReturnType != typeof(void) ? 1
        : 0;

    private static int Pushed(StackBehaviour behaviour) =>
        behaviour switch
        {
            StackBehaviour.Push0 => 0,
            StackBehaviour.Push1_push1 => 2,
            _ => 1,
        };

    private static int Popped(StackBehaviour behaviour) =>
        behaviour switch
        {
            StackBehaviour.Pop0 or StackBehaviour.Varpop => 0,
            StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
            StackBehaviour.Pop1_pop1
            or StackBehaviour.Popi_pop1
            or StackBehaviour.Popi_popi
            or StackBehaviour.Popi_popi8
            or StackBehaviour.Popi_popr4
            or StackBehaviour.Popi_popr8
            or StackBehaviour.Popref_pop1
            or StackBehaviour.Popref_popi => 2,
            _ => 3,
        };
}

using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using ILGPU.Emulation;

namespace ILGPU.Rewriting;

/// <summary>Rewrites a kernel so that it returns where its threads wait, and goes on there when called again.</summary>
/// <remarks>What the kernel still needs of its local variables is kept in arrays with an element for each thread. So
/// one thread of the host executes a whole group without switching stacks.</remarks>
internal sealed class KernelRewriter
{
    private static readonly PropertyInfo Frames = typeof(GroupRun).GetProperty(nameof(GroupRun.Frames))!;
    private static readonly PropertyInfo ThreadIndex = typeof(GroupRun).GetProperty(nameof(GroupRun.ThreadIndex))!;
    private static readonly PropertyInfo ResumePoint = typeof(GroupRun).GetProperty(nameof(GroupRun.ResumePoint))!;

    private readonly BlockingCalls blocking = new();
    private readonly List<Label> resumePoints = [];
    private readonly Dictionary<LocalBuilder, int> slots = [];
    private readonly MethodInfo kernel;
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly int run;

    // The code of a lambda has its object before its parameters.
    private readonly int first;

    private KernelRewriter(MethodInfo kernel)
    {
        this.kernel = kernel;
        var parameters = kernel.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        run = parameters.Length;
        first = kernel.IsStatic ? 0 : 1;
        method = new DynamicMethod(
            kernel.Name,
            typeof(int),
            [.. parameters, typeof(GroupRun)],
            typeof(GroupRun).Module,
            skipVisibility: true
        );
        il = method.GetILGenerator();
    }

    /// <summary>Whether threads may wait for each other in a kernel.</summary>
    public static bool MayBlock(MethodInfo kernel) => new BlockingCalls().MayBlock(kernel);

    /// <summary>The rewritten kernel as a delegate that takes the kernel's arguments and the group.</summary>
    /// <exception cref="NotSupportedException">The kernel does what cannot be rewritten.</exception>
    public static RewrittenKernel Rewrite(MethodInfo kernel, Type delegateType) =>
        new KernelRewriter(kernel).Rewrite(delegateType);

    private RewrittenKernel Rewrite(Type delegateType)
    {
        var code = MethodCode.Of(kernel) ?? throw new NotSupportedException("A kernel without code");
        var arguments = new LocalBuilder?[first + run];
        var start = il.DefineLabel();
        var dispatch = il.DefineLabel();
        il.Emit(OpCodes.Br, dispatch);
        il.MarkLabel(start);
        CopyChanged(code, arguments);
        var end = il.DefineLabel();
        EmitBody(new Frame(this, code, arguments, null, 0) { End = end });
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(dispatch);
        il.Emit(OpCodes.Ldarg, (short)run);
        il.Emit(OpCodes.Call, ResumePoint.GetMethod!);
        il.Emit(OpCodes.Switch, [start, .. resumePoints]);
        il.Emit(OpCodes.Br, start);
        var types = slots.OrderBy(slot => slot.Value).Select(slot => slot.Key.LocalType).ToArray();
        return new RewrittenKernel(method.CreateDelegate(delegateType), types, null);
    }

    /// <summary>Arguments that the kernel changes become variables.</summary>
    private void CopyChanged(MethodCode code, LocalBuilder?[] arguments)
    {
        for (var i = first; i < arguments.Length; i++)
        {
            var type = kernel.GetParameters()[i - first].ParameterType;
            if (
                code.Instructions.Any(used =>
                    used.Argument == i && (used.IsStore || (used.IsAddress && !IsReadOnly(type)))
                )
            )
            {
                arguments[i] = il.DeclareLocal(type);
                il.Emit(OpCodes.Ldarg, (short)(i - first));
                il.Emit(OpCodes.Stloc, arguments[i]!);
            }
        }
    }

    private static bool IsReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false);

    private void EmitBody(Frame frame)
    {
        if (frame.Code.Body.ExceptionHandlingClauses.Count > 0)
        {
            throw new NotSupportedException("Exceptions are handled");
        }

        for (var i = 0; i < frame.Code.Instructions.Count; i++)
        {
            il.MarkLabel(frame.LabelOf(frame.Code.Instructions[i].Offset));
            Emit(frame, i);
        }
    }

    private void Emit(Frame frame, int index)
    {
        var instruction = frame.Code.Instructions[index];
        if (instruction.Argument >= 0)
        {
            EmitVariable(instruction, frame.Arguments[instruction.Argument], instruction.Argument);
        }
        else if (instruction.Local >= 0)
        {
            EmitVariable(instruction, frame.Locals[instruction.Local], 0);
        }
        else if (instruction.OpCode == OpCodes.Ret)
        {
            EmitReturn(frame);
        }
        else if (instruction.Callee is { } callee)
        {
            EmitCall(frame, index, BlockingCalls.Target(frame.Code, index) ?? callee);
        }
        else if (instruction.OpCode == OpCodes.Constrained && IsResolved(frame.Code.Instructions[index + 1]))
        {
            // The call that follows is resolved here.
        }
        else
        {
            EmitPlain(frame, instruction);
        }
    }

    private static bool IsResolved(Instruction call) => call.Callee is { IsStatic: true };

    private void EmitVariable(Instruction instruction, LocalBuilder? local, int argument)
    {
        if (local != null)
        {
            il.Emit(
                instruction.IsStore ? OpCodes.Stloc
                    : instruction.IsAddress ? OpCodes.Ldloca
                    : OpCodes.Ldloc,
                local
            );
        }
        else if (argument >= first)
        {
            il.Emit(instruction.IsAddress ? OpCodes.Ldarga : OpCodes.Ldarg, (short)(argument - first));
        }
        else
        {
            throw new NotSupportedException("A lambda that uses its object");
        }
    }

    private void EmitReturn(Frame frame)
    {
        if (frame.Result != null)
        {
            il.Emit(OpCodes.Stloc, frame.Result);
        }

        il.Emit(OpCodes.Br, frame.End);
    }

    private void EmitCall(Frame frame, int index, MethodBase target)
    {
        var instruction = frame.Code.Instructions[index];
        if (instruction.OpCode != OpCodes.Newobj && blocking.MayBlock(target))
        {
            if (instruction.Depth != instruction.Taken(target))
            {
                throw new NotSupportedException("Values lie on the stack where threads wait");
            }

            EmitBlocking(frame, index, (MethodInfo)target);
        }
        else if (target is ConstructorInfo constructor)
        {
            il.Emit(instruction.OpCode, constructor);
        }
        else if (target.IsStatic)
        {
            il.Emit(instruction.OpCode, (MethodInfo)target);
        }
        else
        {
            // A constrained call keeps its prefix and the method that it names.
            il.Emit(instruction.OpCode, (MethodInfo)instruction.Callee!);
        }
    }

    private void EmitBlocking(Frame frame, int index, MethodInfo target)
    {
        var marks = target.GetCustomAttribute<BlockingAttribute>();
        if (marks == null)
        {
            EmitInline(frame, index, target);
            return;
        }

        il.Emit(OpCodes.Call, Twin(target, marks.Post));
        var needed = frame.NeededAfter(index);
        foreach (var local in needed)
        {
            EmitStorage(local, isSave: true);
        }

        var label = il.DefineLabel();
        resumePoints.Add(label);
        il.Emit(OpCodes.Ldc_I4, resumePoints.Count);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(label);
        foreach (var local in needed)
        {
            EmitStorage(local, isSave: false);
        }

        il.Emit(OpCodes.Call, Twin(target, marks.Take));
    }

    /// <summary>Puts the body of a method in which threads wait in the place of its call.</summary>
    private void EmitInline(Frame caller, int index, MethodInfo target)
    {
        if (!target.IsStatic || caller.Calls(target))
        {
            throw new NotSupportedException("Threads wait in a method of an object, or one that calls itself");
        }

        var code = MethodCode.Of(target) ?? throw new NotSupportedException("A method without code");
        var arguments = target.GetParameters().Select(parameter => il.DeclareLocal(parameter.ParameterType)).ToArray();
        foreach (var argument in arguments.Reverse())
        {
            il.Emit(OpCodes.Stloc, argument);
        }

        var result = target.ReturnType == typeof(void) ? null : il.DeclareLocal(target.ReturnType);
        var end = il.DefineLabel();
        EmitBody(new Frame(this, code, arguments, caller, index) { End = end, Result = result });
        il.MarkLabel(end);
        if (result != null)
        {
            il.Emit(OpCodes.Ldloc, result);
        }
    }

    private static MethodInfo Twin(MethodInfo method, string name)
    {
        var twin = method.DeclaringType!.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        return method.IsGenericMethod ? twin.MakeGenericMethod(method.GetGenericArguments()) : twin;
    }

    private void EmitStorage(LocalBuilder local, bool isSave)
    {
        if (local.LocalType.IsByRef || local.LocalType.IsByRefLike)
        {
            throw new NotSupportedException("A reference is needed after threads have waited");
        }

        if (!slots.TryGetValue(local, out var slot))
        {
            slots.Add(local, slot = slots.Count);
        }

        il.Emit(OpCodes.Ldarg, (short)run);
        il.Emit(OpCodes.Call, Frames.GetMethod!);
        il.Emit(OpCodes.Ldc_I4, slot);
        il.Emit(OpCodes.Ldelem_Ref);
        il.Emit(
            OpCodes.Call,
            typeof(Unsafe)
                .GetMethod(nameof(Unsafe.As), 1, [typeof(object)])!
                .MakeGenericMethod(local.LocalType.MakeArrayType())
        );
        il.Emit(OpCodes.Ldarg, (short)run);
        il.Emit(OpCodes.Call, ThreadIndex.GetMethod!);
        if (isSave)
        {
            il.Emit(OpCodes.Ldloc, local);
            il.Emit(OpCodes.Stelem, local.LocalType);
        }
        else
        {
            il.Emit(OpCodes.Ldelem, local.LocalType);
            il.Emit(OpCodes.Stloc, local);
        }
    }

    private void EmitPlain(Frame frame, Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case null:
                il.Emit(instruction.OpCode);
                break;
            case int[] targets:
                il.Emit(OpCodes.Switch, [.. targets.Select(frame.LabelOf)]);
                break;
            case int target when instruction.IsBranch:
                il.Emit(Long(instruction.OpCode), frame.LabelOf(target));
                break;
            case int number:
                il.Emit(instruction.OpCode, number);
                break;
            case sbyte number:
                il.Emit(instruction.OpCode, number);
                break;
            case byte number:
                il.Emit(instruction.OpCode, number);
                break;
            case long number:
                il.Emit(instruction.OpCode, number);
                break;
            case float number:
                il.Emit(instruction.OpCode, number);
                break;
            case double number:
                il.Emit(instruction.OpCode, number);
                break;
            case string text:
                il.Emit(instruction.OpCode, text);
                break;
            case Type type:
                il.Emit(instruction.OpCode, type);
                break;
            case FieldInfo field:
                il.Emit(instruction.OpCode, field);
                break;
            default:
                throw new NotSupportedException($"The instruction {instruction.OpCode}");
        }
    }

    private static OpCode Long(OpCode code) =>
        code.OperandType == OperandType.ShortInlineBrTarget
            ? (OpCode)typeof(OpCodes).GetField(ToFieldName(code.Name![..^2]))!.GetValue(null)!
            : code;

    // "bne.un" is OpCodes.Bne_Un.
    private static string ToFieldName(string name) =>
        string.Join('_', name.Split('.').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    /// <summary>A method while it is emitted, within those that call it.</summary>
    private sealed class Frame
    {
        private readonly Dictionary<int, Label> labels;
        private readonly Liveness liveness;
        private readonly Frame? caller;
        private readonly int callIndex;

        public Frame(KernelRewriter rewriter, MethodCode code, LocalBuilder?[] arguments, Frame? caller, int callIndex)
        {
            Code = code;
            Arguments = arguments;
            this.caller = caller;
            this.callIndex = callIndex;
            labels = code.Instructions.ToDictionary(used => used.Offset, _ => rewriter.il.DefineLabel());
            Locals =
            [
                .. code.Body.LocalVariables.Select(local => rewriter.il.DeclareLocal(local.LocalType, local.IsPinned)),
            ];
            liveness = new Liveness(code, arguments.Length);
        }

        public MethodCode Code { get; }
        public LocalBuilder?[] Arguments { get; }
        public LocalBuilder[] Locals { get; }
        public LocalBuilder? Result { get; init; }
        public Label End { get; init; }

        public Label LabelOf(int offset) => labels[offset];

        public bool Calls(MethodBase method) => Code.Method == method || caller?.Calls(method) == true;

        /// <summary>The variables of this method and its callers that are needed after an instruction.</summary>
        public List<LocalBuilder> NeededAfter(int index)
        {
            var needed = caller?.NeededAfter(callIndex) ?? [];
            needed.AddRange(Locals.Where((_, local) => liveness.IsLocalNeededAfter(index, local)));
            needed.AddRange(
                Arguments.Where((local, argument) => local != null && liveness.IsArgumentNeededAfter(index, argument))!
            );
            return needed;
        }
    }
}

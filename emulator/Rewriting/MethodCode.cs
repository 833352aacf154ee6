using System.Reflection;
using System.Reflection.Emit;

namespace ILGPU.Rewriting;

/// <summary>The instructions of a method.</summary>
internal sealed class MethodCode
{
    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    private readonly byte[] bytes;
    private readonly Module module;
    private readonly Type[]? typeArguments;
    private readonly Type[]? methodArguments;
    private int at;

    private MethodCode(MethodBase method, MethodBody body)
    {
        Method = method;
        Body = body;
        bytes = body.GetILAsByteArray()!;
        module = method.Module;
        typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        while (at < bytes.Length)
        {
            Instructions.Add(Read());
        }

        MeasureStack();
    }

    public MethodBase Method { get; }
    public MethodBody Body { get; }
    public List<Instruction> Instructions { get; } = [];

    /// <summary>The code of a method, null where it has none.</summary>
    public static MethodCode? Of(MethodBase method) =>
        method.GetMethodBody() is { } body ? new MethodCode(method, body) : null;

    public int IndexOf(int offset) =>
        Instructions.BinarySearch(
            new Instruction(offset, OpCodes.Nop, null),
            Comparer<Instruction>.Create((a, b) => a.Offset.CompareTo(b.Offset))
        );

    private Instruction Read()
    {
        var offset = at;
        int value = bytes[at++];
        if (value == 0xFE)
        {
            value = value << 8 | bytes[at++];
        }

        var code = OpCodesByValue[value];
        return new Instruction(offset, code, ReadOperand(code));
    }

    private object? ReadOperand(OpCode code) =>
        code.OperandType switch
        {
            OperandType.InlineNone => null,
            OperandType.ShortInlineBrTarget => (int)(sbyte)bytes[at++] + at,
            OperandType.InlineBrTarget => ReadInt() + at,
            OperandType.ShortInlineI => code == OpCodes.Ldc_I4_S ? (sbyte)bytes[at++] : bytes[at++],
            OperandType.ShortInlineVar => bytes[at++],
            OperandType.InlineVar => (short)(bytes[at++] | bytes[at++] << 8),
            OperandType.InlineI => ReadInt(),
            OperandType.InlineI8 => ReadLong(),
            OperandType.ShortInlineR => BitConverter.Int32BitsToSingle(ReadInt()),
            OperandType.InlineR => BitConverter.Int64BitsToDouble(ReadLong()),
            OperandType.InlineString => module.ResolveString(ReadInt()),
            OperandType.InlineSwitch => ReadSwitch(),
            OperandType.InlineSig => throw new NotSupportedException("A call through a pointer"),
            _ => module.ResolveMember(ReadInt(), typeArguments, methodArguments),
        };

    private int ReadInt()
    {
        at += sizeof(int);
        return BitConverter.ToInt32(bytes, at - sizeof(int));
    }

    private long ReadLong()
    {
        at += sizeof(long);
        return BitConverter.ToInt64(bytes, at - sizeof(long));
    }

    private int[] ReadSwitch()
    {
        var targets = new int[ReadInt()];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = ReadInt();
        }

        return [.. targets.Select(target => target + at)];
    }

    private void MeasureStack()
    {
        var known = new Dictionary<int, int>();
        var depth = 0;
        foreach (var instruction in Instructions)
        {
            depth = known.GetValueOrDefault(instruction.Offset, depth);
            instruction.Depth = depth;
            depth += instruction.StackChange;
            foreach (var target in instruction.Targets)
            {
                known.TryAdd(target, depth);
            }

            depth = instruction.FallsThrough ? depth : 0;
        }
    }
}

using System.Collections;

namespace ILGPU.Rewriting;

/// <summary>Which local variables and arguments are read later, before each instruction of a method.</summary>
/// <remarks>A variable whose address is taken counts as read everywhere, unless it is never more than that.</remarks>
internal sealed class Liveness
{
    private readonly MethodCode code;
    private readonly int localCount;
    private readonly BitArray[] before;
    private readonly BitArray always;

    public Liveness(MethodCode code, int argumentCount)
    {
        this.code = code;
        localCount = code.Body.LocalVariables.Count;
        before = new BitArray[code.Instructions.Count + 1];
        for (var i = 0; i < before.Length; i++)
        {
            before[i] = new BitArray(localCount + argumentCount);
        }

        always = new BitArray(localCount + argumentCount);
        foreach (var instruction in code.Instructions.Where(instruction => instruction.IsAddress))
        {
            always[Variable(instruction)] = true;
        }

        while (Improve()) { }
    }

    /// <summary>Whether a variable's value is needed after an instruction.</summary>
    public bool IsLocalNeededAfter(int instruction, int local) => before[instruction + 1][local] || always[local];

    /// <summary>Whether an argument's value is needed after an instruction.</summary>
    public bool IsArgumentNeededAfter(int instruction, int argument) =>
        IsLocalNeededAfter(instruction, localCount + argument);

    private int Variable(Instruction instruction) =>
        instruction.Local >= 0 ? instruction.Local
        : instruction.Argument >= 0 ? localCount + instruction.Argument
        : -1;

    private bool Improve()
    {
        var changed = false;
        for (var i = code.Instructions.Count - 1; i >= 0; i--)
        {
            var instruction = code.Instructions[i];
            var live = new BitArray(before[i].Length);
            if (instruction.FallsThrough)
            {
                live.Or(before[i + 1]);
            }

            foreach (var target in instruction.Targets)
            {
                live.Or(before[code.IndexOf(target)]);
            }

            if (Variable(instruction) is var variable and >= 0)
            {
                live[variable] = !instruction.IsStore;
            }

            changed |= ((BitArray)live.Clone()).Xor(before[i]).HasAnySet();
            before[i] = live;
        }

        return changed;
    }
}

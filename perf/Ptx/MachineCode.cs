using System.Globalization;
using System.Text.RegularExpressions;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>Instructions of a loop.</summary>
/// <param name="MultiplyAddCount">Of these, how many are <c>FFMA</c>.</param>
/// <param name="InstructionCount">All of them, from the target of the branch back to the branch.</param>
internal readonly record struct LoopCode(int MultiplyAddCount, int InstructionCount)
{
    /// <summary>The part that multiplies and adds.</summary>
    public double Share => (double)MultiplyAddCount / InstructionCount;
}

/// <summary>A kernel's machine code as <c>cuobjdump --dump-sass</c> prints it.</summary>
internal sealed partial class MachineCode
{
    private readonly List<Instruction> _instructions;

    /// <summary>Reads a listing with one function.</summary>
    /// <param name="listing">The text.</param>
    /// <exception cref="FormatException">There is no instruction in it.</exception>
    public MachineCode(string listing)
    {
        _instructions = [.. InstructionLine().Matches(listing).Select(Instruction.Of)];
        if (_instructions.Count == 0)
        {
            throw new FormatException($"cuobjdump shows no instruction: '{listing}'.");
        }
    }

    /// <summary>Instructions, without those that only fill the end.</summary>
    public int InstructionCount => _instructions.Count(instruction => instruction.Opcode is not "NOP");

    /// <summary>The loop with the largest part of <c>FFMA</c>; none when no loop has any.</summary>
    public LoopCode? InnerLoop =>
        _instructions
            .Where(instruction => instruction.Target < instruction.Address)
            .Select(Loop)
            .Where(loop => loop.MultiplyAddCount > 0)
            .OrderByDescending(loop => loop.Share)
            .Select(loop => (LoopCode?)loop)
            .FirstOrDefault();

    private LoopCode Loop(Instruction branch)
    {
        var body = _instructions.Where(one => one.Address >= branch.Target && one.Address <= branch.Address).ToList();
        return new(body.Count(instruction => instruction.IsMultiplyAdd), body.Count);
    }

    private readonly record struct Instruction(int Address, string Opcode, int? Target)
    {
        public bool IsMultiplyAdd => Opcode is "FFMA" || Opcode.StartsWith("FFMA.", StringComparison.Ordinal);

        public static Instruction Of(Match line)
        {
            var opcode = line.Groups["opcode"].Value;
            var isBranch = opcode is "BRA" || opcode.StartsWith("BRA.", StringComparison.Ordinal);
            var target = isBranch ? TargetAddress().Match(line.Groups["operands"].Value) : Match.Empty;
            return new(Hex(line.Groups["address"]), opcode, target.Success ? Hex(target.Groups[1]) : null);
        }

        private static int Hex(Group digits) =>
            int.Parse(digits.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    // Address, predicate, opcode, operands; the encoding in a second comment is left.
    [GeneratedRegex(@"/\*(?<address>[0-9a-f]{4,})\*/\s+(?:@\S+\s+)?(?<opcode>[A-Z][\w.]*)(?<operands>[^;]*);")]
    private static partial Regex InstructionLine();

    [GeneratedRegex(@"0x([0-9a-f]+)\s*$")]
    private static partial Regex TargetAddress();
}

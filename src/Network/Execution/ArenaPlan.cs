using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// Places values in one arena so that values which live at the same time do not overlap: the largest first, each at
/// the lowest place that is free during its life.
/// </summary>
internal sealed class ArenaPlan
{
    private const long Alignment = 16; // floats of a cache line
    private readonly Dictionary<int, Slot> _slots = [];
    private readonly List<Slot> _placed = []; // by offset

    private sealed class Slot(int id, int firstStep, int lastStep, long length)
    {
        public int Id => id;
        public int FirstStep => firstStep;
        public int LastStep => lastStep;
        public long Length => length;
        public long Offset { get; set; }
        public long End => Offset + length;

        public bool Overlaps(Slot other) => FirstStep <= other.LastStep && other.FirstStep <= LastStep;
    }

    /// <summary>Memory that some steps share beside the values of the graph.</summary>
    /// <param name="Id">Below 0; the values of the graph count from 0.</param>
    /// <param name="FirstStep">First step that uses it.</param>
    /// <param name="LastStep">Last step that uses it.</param>
    /// <param name="Length">Floats.</param>
    public sealed record Temporary(int Id, int FirstStep, int LastStep, long Length)
    {
        /// <summary>Working memory of one step.</summary>
        /// <param name="step">The step.</param>
        /// <param name="length">Floats.</param>
        public static Temporary ScratchOf(int step, long length) => new(-2 - 2 * step, step, step, length);
    }

    /// <summary>Plans the arena of a list of steps.</summary>
    /// <param name="steps">The steps in the order they run.</param>
    /// <param name="lengthOf">Floats that a value needs.</param>
    /// <param name="outputs">Values that are needed after the last step.</param>
    /// <param name="temporaries">Memory that is needed beside the values.</param>
    public ArenaPlan(
        IReadOnlyList<PlanStep> steps,
        Func<Value, long> lengthOf,
        IEnumerable<int> outputs,
        IEnumerable<Temporary>? temporaries = null
    )
    {
        var lastRead = new Dictionary<int, int>();
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var value in steps[i].Reads)
            {
                lastRead[value] = i;
            }
        }
        foreach (var output in outputs)
        {
            lastRead[output] = steps.Count;
        }
        var slots = new List<Slot>();
        var written = new HashSet<int>();
        for (var i = 0; i < steps.Count; i++)
        {
            var output = steps[i].Output;
            if (written.Add(output.Id)) // several steps may write parts of a value; it lives from the first of them
            {
                slots.Add(new(output.Id, i, lastRead[output.Id], RoundUp(lengthOf(output))));
            }
        }
        foreach (var other in temporaries ?? [])
        {
            slots.Add(new(other.Id, other.FirstStep, other.LastStep, RoundUp(other.Length)));
        }
        slots.Sort((a, b) => b.Length == a.Length ? a.FirstStep.CompareTo(b.FirstStep) : b.Length.CompareTo(a.Length));
        slots.ForEach(Place);
    }

    /// <summary>Floats of the whole arena.</summary>
    public long Length { get; private set; }

    /// <summary>Where a value begins, in floats.</summary>
    /// <param name="value">Id of a value that a step writes, or of a temporary.</param>
    public long OffsetOf(int value) => _slots[value].Offset;

    /// <summary>The next length at which a cache line begins.</summary>
    /// <param name="length">Floats.</param>
    public static long RoundUp(long length) => checked(length + Alignment - 1) / Alignment * Alignment;

    private void Place(Slot slot)
    {
        foreach (var taken in _placed)
        {
            if (slot.Overlaps(taken))
            {
                if (slot.End <= taken.Offset)
                {
                    break;
                }
                slot.Offset = Math.Max(slot.Offset, taken.End);
            }
        }
        var at = _placed.FindIndex(other => other.Offset >= slot.Offset);
        _placed.Insert(at < 0 ? _placed.Count : at, slot);
        _slots.Add(slot.Id, slot);
        Length = Math.Max(Length, slot.End);
    }
}

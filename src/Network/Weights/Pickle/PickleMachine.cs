namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Reads a pickle of any protocol, 0 to 5: a program for a stack machine. Nothing of it is run: a function is one of the
/// vocabulary's, which know tensors and containers, or the file is refused. Every instruction takes at least a byte of
/// the file and makes at most one object, and their number is limited, so that memory is too.
/// </summary>
internal sealed class PickleMachine
{
    /// <summary>Most instructions that are followed; a tensor takes some forty.</summary>
    private const int MaxInstructionCount = 1 << 20;

    private readonly PickleReader _reader;
    private readonly PickleVocabulary _vocabulary;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];

    private PickleMachine(PickleReader reader, PickleVocabulary vocabulary)
    {
        _reader = reader;
        _vocabulary = vocabulary;
    }

    /// <summary>Reads the one object of a pickle.</summary>
    /// <param name="reader">The pickle.</param>
    /// <param name="vocabulary">What it may name.</param>
    /// <exception cref="ModelFormatException">It is damaged, or names what a file of weights does not need.</exception>
    public static object? Read(PickleReader reader, PickleVocabulary vocabulary)
    {
        var machine = new PickleMachine(reader, vocabulary);
        var at = reader.Position;
        try
        {
            for (var count = 0; count < MaxInstructionCount; count++)
            {
                at = reader.Position;
                var instruction = (PickleInstruction)reader.ReadByte();
                if (instruction == PickleInstruction.Stop)
                {
                    return machine.Pop();
                }
                machine.Follow(instruction);
            }
            throw new InvalidDataException($"more than {MaxInstructionCount} instructions");
        }
        catch (InvalidDataException fault)
        {
            throw vocabulary.Fault($"the pickle has, at byte {at} of the file, {fault.Message}.", fault);
        }
    }

    private void Follow(PickleInstruction instruction)
    {
        var isFollowed =
            FollowValue(instruction)
            || FollowContainer(instruction)
            || FollowMemory(instruction)
            || FollowObject(instruction);
        if (!isFollowed)
        {
            throw new InvalidDataException(
                $"the instruction {PickleNames.Of(instruction)}, which files of weights do not need"
            );
        }
    }

    private bool FollowValue(PickleInstruction instruction)
    {
        switch (instruction)
        {
            case PickleInstruction.Protocol:
                _reader.ReadByte();
                return true;
            case PickleInstruction.Frame:
                _reader.ReadInt64();
                return true;
            case PickleInstruction.None:
                return Push(null);
            case PickleInstruction.True:
                return Push(true);
            case PickleInstruction.False:
                return Push(false);
            case PickleInstruction.Int32:
                return Push((long)_reader.ReadInt32());
            case PickleInstruction.UInt8:
                return Push((long)_reader.ReadByte());
            case PickleInstruction.UInt16:
                return Push((long)_reader.ReadUInt16());
            case PickleInstruction.Integer:
                return Push(_reader.ReadInteger(_reader.ReadByte()));
            case PickleInstruction.LongInteger:
                return Push(_reader.ReadInteger(_reader.ReadUInt32()));
            case PickleInstruction.Digits:
                return Push(PickleLine.Integer(_reader.ReadLine()));
            case PickleInstruction.LongDigits:
                return Push(PickleLine.LongInteger(_reader.ReadLine()));
            case PickleInstruction.DoubleDigits:
                return Push(PickleLine.Double(_reader.ReadLine()));
            case PickleInstruction.Double:
                return Push(_reader.ReadDouble());
            default:
                return FollowText(instruction);
        }
    }

    private bool FollowText(PickleInstruction instruction) =>
        instruction switch
        {
            PickleInstruction.Text8 => Push(_reader.ReadBytes(_reader.ReadByte(), ByteForm.Utf8)),
            PickleInstruction.Text32 => Push(_reader.ReadBytes(_reader.ReadUInt32(), ByteForm.Utf8)),
            PickleInstruction.Text64 => Push(_reader.ReadBytes(_reader.ReadInt64(), ByteForm.Utf8)),
            PickleInstruction.Bytes8 or PickleInstruction.OldText8 => Push(
                _reader.ReadBytes(_reader.ReadByte(), ByteForm.Plain)
            ),
            PickleInstruction.Bytes32 or PickleInstruction.OldText32 => Push(
                _reader.ReadBytes(_reader.ReadUInt32(), ByteForm.Plain)
            ),
            PickleInstruction.TextLine => Push(_reader.ReadTextLine()),
            PickleInstruction.OldTextLine => Push(_reader.ReadQuotedLine()),
            PickleInstruction.Bytes64 or PickleInstruction.WritableBytes => Push(
                _reader.ReadBytes(_reader.ReadInt64(), ByteForm.Plain)
            ),
            _ => false,
        };

    private bool FollowContainer(PickleInstruction instruction)
    {
        switch (instruction)
        {
            case PickleInstruction.Mark:
                _marks.Add(_stack.Count);
                return true;
            case PickleInstruction.EmptyTuple:
                return Push(new PickleTuple([]));
            case PickleInstruction.Tuple1:
                return Push(new PickleTuple(PopItems(1)));
            case PickleInstruction.Tuple2:
                return Push(new PickleTuple(PopItems(2)));
            case PickleInstruction.Tuple3:
                return Push(new PickleTuple(PopItems(3)));
            case PickleInstruction.Tuple:
                return Push(new PickleTuple(PopToMark()));
            case PickleInstruction.EmptyList:
                return Push(new PickleList());
            case PickleInstruction.List:
                return PushThen(new PickleList(), PopToMark(), Append);
            case PickleInstruction.Dictionary:
                return PushThen(new PickleDictionary(), PopToMark(), SetItems);
            case PickleInstruction.Append:
                return Append(PopItems(1));
            case PickleInstruction.Appends:
                return Append(PopToMark());
            case PickleInstruction.EmptyDictionary:
                return Push(new PickleDictionary());
            case PickleInstruction.SetItem:
                return SetItems(PopItems(2));
            case PickleInstruction.SetItems:
                return SetItems(PopToMark());
            default:
                return false;
        }
    }

    private bool FollowMemory(PickleInstruction instruction)
    {
        switch (instruction)
        {
            case PickleInstruction.Pop when _marks.Count > 0 && _stack.Count == Floor:
            case PickleInstruction.PopMark:
                PopToMark();
                return true;
            case PickleInstruction.Pop:
                Pop();
                return true;
            case PickleInstruction.Duplicate:
                return Push(Top());
            case PickleInstruction.PutDigits:
                return Remember(PickleLine.Index(_reader.ReadLine()));
            case PickleInstruction.GetDigits:
                return Recall(PickleLine.Index(_reader.ReadLine()));
            case PickleInstruction.Put8:
                return Remember(_reader.ReadByte());
            case PickleInstruction.Put32:
                return Remember(_reader.ReadUInt32());
            case PickleInstruction.Memoize:
                return Remember(_memo.Count);
            case PickleInstruction.Get8:
                return Recall(_reader.ReadByte());
            case PickleInstruction.Get32:
                return Recall(_reader.ReadUInt32());
            default:
                return false;
        }
    }

    private bool FollowObject(PickleInstruction instruction)
    {
        switch (instruction)
        {
            case PickleInstruction.Global:
                return Push(_vocabulary.Find($"{_reader.ReadLine()}.{_reader.ReadLine()}"));
            case PickleInstruction.Instance:
                var name = $"{_reader.ReadLine()}.{_reader.ReadLine()}";
                throw _vocabulary.Refusal(name);
            case PickleInstruction.StackGlobal:
                return PopItems(2) is [PickleBytes { Text: { } module }, PickleBytes { Text: { } member }]
                    ? Push(_vocabulary.Find($"{module}.{member}"))
                    : throw new InvalidDataException("a function whose name is no text");
            case PickleInstruction.Reduce:
                return Reduce();
            case PickleInstruction.Build:
                var state = Pop();
                _vocabulary.Build(Top(), state);
                return true;
            case PickleInstruction.PersistentId:
                return Push(_vocabulary.LoadPersistent(Pop()));
            case PickleInstruction.PersistentLine:
                return Push(_vocabulary.LoadPersistent(_reader.ReadTextLine()));
            case PickleInstruction.Extension8:
                throw Extension(_reader.ReadByte());
            case PickleInstruction.Extension16:
                throw Extension(_reader.ReadUInt16());
            case PickleInstruction.Extension32:
                throw Extension(_reader.ReadInt32());
            default:
                return false;
        }
    }

    private static InvalidDataException Extension(int code) =>
        new($"extension {code}, a class that only the program knows which registered this number (copyreg)");

    private bool Reduce()
    {
        var items = PopItems(2);
        return items is [PickleGlobal { Call: { } call }, PickleTuple arguments]
            ? Push(call(arguments))
            : throw new InvalidDataException("a call of what is no function");
    }

    private bool Append(object?[] items)
    {
        var list = Top() as PickleList ?? throw new InvalidDataException("items for what is no list");
        list.Items.AddRange(items);
        return true;
    }

    private bool SetItems(object?[] items)
    {
        var dictionary = Top() as PickleDictionary ?? throw new InvalidDataException("items for what is no dictionary");
        if (items.Length % 2 != 0)
        {
            throw new InvalidDataException("a key without a value");
        }
        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary.Items.Add((items[i], items[i + 1]));
        }
        return true;
    }

    private bool Remember(long index)
    {
        _memo[index] = Top();
        return true;
    }

    private bool Recall(long index) =>
        _memo.TryGetValue(index, out var value)
            ? Push(value)
            : throw new InvalidDataException($"a reference to object {index}, which is not there");

    private bool Push(object? value)
    {
        _stack.Add(value);
        return true;
    }

    private bool PushThen(object container, object?[] items, Func<object?[], bool> fill)
    {
        Push(container);
        return fill(items);
    }

    private object? Pop() => PopItems(1)[0];

    private object? Top() =>
        _stack.Count > Floor ? _stack[^1] : throw new InvalidDataException("an instruction that lacks its object");

    private object?[] PopItems(int count)
    {
        if (_stack.Count - Floor < count)
        {
            throw new InvalidDataException("an instruction that lacks its objects");
        }
        var items = new object?[count];
        _stack.CopyTo(_stack.Count - count, items, 0, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw new InvalidDataException("an instruction that lacks its mark");
        }
        var items = PopItems(_stack.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return items;
    }

    // Nothing below the last mark can be taken.
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];
}

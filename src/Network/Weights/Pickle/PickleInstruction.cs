namespace ILGpuMobileNet.Network.Weights;

/// <summary>The instructions of pickles that are followed, and those of them that are refused by name.</summary>
internal enum PickleInstruction : byte
{
    /// <summary>A mark that later instructions go back to.</summary>
    Mark = (byte)'(',

    /// <summary>The end: the object on the stack is the pickle's.</summary>
    Stop = (byte)'.',

    /// <summary>Number of the protocol.</summary>
    Protocol = 0x80,

    /// <summary>Length of what follows; not needed.</summary>
    Frame = 0x95,

    /// <summary>Python's None.</summary>
    None = (byte)'N',

    /// <summary>Python's True.</summary>
    True = 0x88,

    /// <summary>Python's False.</summary>
    False = 0x89,

    /// <summary>A whole number of four bytes.</summary>
    Int32 = (byte)'J',

    /// <summary>A whole number of a byte.</summary>
    UInt8 = (byte)'K',

    /// <summary>A whole number of two bytes.</summary>
    UInt16 = (byte)'M',

    /// <summary>A whole number with its length in a byte.</summary>
    Integer = 0x8A,

    /// <summary>A floating-point number.</summary>
    Double = (byte)'G',

    /// <summary>A whole number with its length in four bytes.</summary>
    LongInteger = 0x8B,

    /// <summary>A whole number or a truth value in digits.</summary>
    Digits = (byte)'I',

    /// <summary>A whole number in digits with an L after them.</summary>
    LongDigits = (byte)'L',

    /// <summary>A floating-point number in digits.</summary>
    DoubleDigits = (byte)'F',

    /// <summary>A text up to the end of the line.</summary>
    TextLine = (byte)'V',

    /// <summary>A text of Python 2 in quotes up to the end of the line.</summary>
    OldTextLine = (byte)'S',

    /// <summary>A text with its length in a byte.</summary>
    Text8 = 0x8C,

    /// <summary>A text with its length in four bytes.</summary>
    Text32 = (byte)'X',

    /// <summary>A text with its length in eight bytes.</summary>
    Text64 = 0x8D,

    /// <summary>Bytes with their length in a byte.</summary>
    Bytes8 = (byte)'C',

    /// <summary>Bytes with their length in four bytes.</summary>
    Bytes32 = (byte)'B',

    /// <summary>Bytes with their length in eight bytes.</summary>
    Bytes64 = 0x8E,

    /// <summary>Bytes that can be written, with their length in eight bytes.</summary>
    WritableBytes = 0x96,

    /// <summary>A text of Python 2 with its length in a byte.</summary>
    OldText8 = (byte)'U',

    /// <summary>A text of Python 2 with its length in four bytes.</summary>
    OldText32 = (byte)'T',

    /// <summary>A tuple of nothing.</summary>
    EmptyTuple = (byte)')',

    /// <summary>A tuple of what is above the mark.</summary>
    Tuple = (byte)'t',

    /// <summary>A tuple of one item.</summary>
    Tuple1 = 0x85,

    /// <summary>A tuple of two items.</summary>
    Tuple2 = 0x86,

    /// <summary>A tuple of three items.</summary>
    Tuple3 = 0x87,

    /// <summary>A new list.</summary>
    EmptyList = (byte)']',

    /// <summary>A list of what is above the mark.</summary>
    List = (byte)'l',

    /// <summary>A dictionary of the keys and values above the mark.</summary>
    Dictionary = (byte)'d',

    /// <summary>An item for the list below it.</summary>
    Append = (byte)'a',

    /// <summary>The items above the mark for the list below it.</summary>
    Appends = (byte)'e',

    /// <summary>A new dictionary.</summary>
    EmptyDictionary = (byte)'}',

    /// <summary>A key and a value for the dictionary below them.</summary>
    SetItem = (byte)'s',

    /// <summary>The keys and values above the mark for the dictionary below it.</summary>
    SetItems = (byte)'u',

    /// <summary>Drops an object, or a mark that has nothing above it.</summary>
    Pop = (byte)'0',

    /// <summary>Drops what is above the mark.</summary>
    PopMark = (byte)'1',

    /// <summary>The object once more.</summary>
    Duplicate = (byte)'2',

    /// <summary>Remembers an object under a number in digits.</summary>
    PutDigits = (byte)'p',

    /// <summary>The object remembered under a number in digits.</summary>
    GetDigits = (byte)'g',

    /// <summary>Remembers an object under a number of one byte.</summary>
    Put8 = (byte)'q',

    /// <summary>Remembers an object under a number of four bytes.</summary>
    Put32 = (byte)'r',

    /// <summary>Remembers an object under the next number.</summary>
    Memoize = 0x94,

    /// <summary>The object remembered under a number of one byte.</summary>
    Get8 = (byte)'h',

    /// <summary>The object remembered under a number of four bytes.</summary>
    Get32 = (byte)'j',

    /// <summary>A function or class by module and name.</summary>
    Global = (byte)'c',

    /// <summary>The same with both names on the stack.</summary>
    StackGlobal = 0x93,

    /// <summary>A call of a function with a tuple of arguments.</summary>
    Reduce = (byte)'R',

    /// <summary>The state for the object below it.</summary>
    Build = (byte)'b',

    /// <summary>An object that lies outside the pickle.</summary>
    PersistentId = (byte)'Q',

    /// <summary>An object that lies outside the pickle, by a line of text.</summary>
    PersistentLine = (byte)'P',

    /// <summary>Refused: an object of a class by module and name.</summary>
    Instance = (byte)'i',

    /// <summary>Refused: a class by a number of one byte.</summary>
    Extension8 = 0x82,

    /// <summary>Refused: a class by a number of two bytes.</summary>
    Extension16 = 0x83,

    /// <summary>Refused: a class by a number of four bytes.</summary>
    Extension32 = 0x84,
}
